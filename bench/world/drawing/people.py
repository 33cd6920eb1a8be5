"""People, drawn as puppets from a figure's joints. Knows nothing of what they do and why."""

from bench.world.drawing.brush import Brush
from bench.world.drawing.people_body import draw_arm, draw_leg, draw_trunk
from bench.world.drawing.people_colours import Palette, mix_palette
from bench.world.drawing.people_head import draw_head, draw_loose_hair
from bench.world.figure import Figure
from bench.world.plan import Clothes, Look


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
