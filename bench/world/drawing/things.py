"""Every kind of thing, drawn as a flat cartoon that fills its box of the stage.

The kinds are those of `words.py`; how each looks is told by the modules `things_*`. Knows nothing
of who holds a thing or of the light; what stands still is drawn with `second` 0.
"""

from types import MappingProxyType

from bench.world.drawing.brush import Brush, Rgb
from bench.world.drawing.things_animals import ANIMALS
from bench.world.drawing.things_furniture import FURNITURE
from bench.world.drawing.things_held import HELD
from bench.world.drawing.things_outdoors import OUTSIDE
from bench.world.drawing.things_plot import Plot
from bench.world.drawing.things_vehicles import VEHICLES

DRAWINGS = MappingProxyType({**VEHICLES, **ANIMALS, **FURNITURE, **HELD, **OUTSIDE})


def draw_thing(
    brush: Brush, kind: str, colour: Rgb, box: tuple[float, float, float, float],
    second: float = 0.0, facing: str = "right",
) -> None:  # fmt: skip
    """Draw a thing of one of `words.KINDS` so that it fills `box`: x0, y0, x1, y1 in metres.

    Most of it is `colour` in shades of 0.75 to 1.2 of it. `second` turns wheels and moves legs,
    wings and tails; `facing` is "right" or "left".

    Raises:
        KeyError: there is no such kind.
    """
    draw = DRAWINGS[kind]
    if brush.sees(*box):
        draw(Plot(brush, box, colour, is_mirrored=facing == "left"), second)
