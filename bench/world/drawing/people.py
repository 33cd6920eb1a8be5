"""People, drawn as puppets from a figure's joints. Knows nothing of what they do and why."""

from bench.world.drawing.brush import Brush
from bench.world.drawing.people_body import draw_arm, draw_leg, draw_trunk
from bench.world.drawing.people_colours import Palette, lit, mix_palette
from bench.world.drawing.people_head import draw_head, draw_loose_hair
from bench.world.figure import Figure
from bench.world.plan import Clothes, Look

STOOL = (150, 128, 102)


def draw_person(
    brush: Brush,
    figure: Figure,
    look: Look,
    clothes: Clothes,
    light: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> None:
    """Draw a person; `light` is the hour's, a factor for each of red, green and blue."""
    if not brush.sees(*figure.box):
        return
    palette = mix_palette(look, clothes, light)
    if figure.view == "back":
        draw_arm(brush, figure, clothes, "a", palette)
    if figure.view != "front":
        draw_arm(brush, figure, clothes, "b", palette)
    draw_loose_hair(brush, figure, look, palette)
    _draw_stool(brush, figure, light)
    draw_leg(brush, figure, clothes, "b", palette)
    draw_leg(brush, figure, clothes, "a", palette)
    draw_trunk(brush, figure, clothes, palette)
    if brush.sees(*figure.box[:3], figure.joints.neck[1] + 0.1 * figure.height):
        draw_head(brush, figure, look, palette)
    if figure.view == "front":
        draw_arm(brush, figure, clothes, "b", palette)
    if figure.view != "back":
        draw_arm(brush, figure, clothes, "a", palette)
    if figure.flash:
        _draw_flash(brush, figure, palette)


def _draw_stool(brush: Brush, figure: Figure, light: tuple[float, float, float]) -> None:
    """What is sat down on, if anything is: a plain stool behind the legs."""
    if figure.action != "sitting down" or figure.view == "back":
        return
    (x, y), size = figure.joints.hips, figure.height
    seat = max(y + 0.05 * size, figure.y - 0.24 * size)
    wood, thick = lit(STOOL, light), 0.02 * size
    for aside in (-0.055, 0.055):
        foot = x + aside * size
        brush.limb((foot, seat), (foot, figure.y - thick), thick, thick, wood)
    brush.box(x - 0.075 * size, seat - 0.015 * size, x + 0.075 * size, seat + 0.015 * size, wood)


def _draw_flash(brush: Brush, figure: Figure, palette: Palette) -> None:
    """A star of light above the camera."""
    x, y = figure.hold
    size = figure.height * 0.05
    y -= size
    star = [
        (x + size * dx, y + size * dy)
        for dx, dy in ((0, -1), (0.25, -0.25), (1, 0), (0.25, 0.25), (0, 1), (-0.25, 0.25), (-1, 0),
                       (-0.25, -0.25))
    ]  # fmt: skip
    brush.polygon(star, palette.white)
