"""Animals, seen from the side, each in its own box. Knows nothing of where they go."""

from types import MappingProxyType

from bench.world.drawing.brush import Points
from bench.world.drawing.things_plot import (
    BEAK,
    INK,
    ROSE,
    WHITE,
    Draw,
    Plot,
    cloud,
    curve,
    draw_eye,
    oval,
    stick,
    swing,
)

STEPS = 1.6  # a second
HORN, FUR = (204, 186, 138), (110, 82, 66)


def _legs(
    plot: Plot, hips: tuple[float, float, float, float], top: float, width: float, reach: float
) -> list[Points]:
    """The near legs; the far ones, second and fourth of `hips`, are drawn at once, in shade."""
    for hip, way in ((hips[1], -1), (hips[3], 1)):
        plot.fill(stick((hip, top), (hip + way * reach, 98), width, width * 0.7), plot.edge)
    near = ((hips[0], 1), (hips[2], -1))
    return [stick((hip, top), (hip + way * reach, 100), width, width * 0.7) for hip, way in near]


def _dog(plot: Plot, second: float) -> None:
    legs = _legs(plot, (19, 29, 60, 69), 60, 10, swing(second, STEPS, 6))
    plot.rope([(14, 46), (6, 32), (3, 14 + swing(second, 3, 7))], 9)
    plot.body(
        curve(
            "9,44 22,38 45,40 62,30 68,12 78,4 88,10 92,22 "
            "100,28 99,40 86,46 79,60 70,72 45,68 24,72 11,64"
        ),
        *legs,
    )
    plot.fill(curve("66,8 74,0 79,8 78,26 72,40 66,38 64,22"), plot.edge)
    plot.line("64,50 70,54 78,52", (206, 48, 52) if plot.main[0] < 180 else (40, 80, 170), 7)
    draw_eye(plot, 85, 19, 5.5)
    plot.disc(98, 29, 5, plot.ink)
    plot.line("90,40 97,40", plot.ink, 2)
    plot.fill(oval(91, 47, 2.6, 6), ROSE)


def _cat(plot: Plot, second: float) -> None:
    legs = _legs(plot, (20, 30, 55, 64), 70, 10, swing(second, STEPS, 4))
    wag = swing(second, 0.7, 4)
    plot.rope([(16, 58), (7, 50), (4, 34), (6 + wag / 3, 18), (12 + wag, 6)], 10)
    plot.body(
        curve("12,56 26,46 52,48 70,54 72,72 60,82 28,82 13,74"),
        oval(79, 40, 21, 27),
        "60,34 60,0 76,16",
        "83,15 98,0 98,34",
        *legs,
    )
    for x in (30, 39, 48):
        plot.line([(x, 48), (x + 1, 60)], plot.edge, 4)
    plot.fill("63,20 63,8 71,16", ROSE)
    plot.fill("88,15 95,8 95,20", ROSE)
    for x in (71, 87):
        draw_eye(plot, x, 37, 6)
    plot.fill("76,46 82,46 79,51", ROSE)
    for whiskers in ("58,49 71,49 58,55", "100,49 87,49 100,55"):
        plot.line(whiskers, plot.ink, 1.5)


def _horse(plot: Plot, second: float) -> None:
    hair = plot.ink
    legs = _legs(plot, (18, 27, 60, 68), 52, 8.5, swing(second, STEPS, 7))
    wag = swing(second, 0.8, 2)
    plot.fill([(13, 36), (6, 40), (1, 56), (2 + wag, 78), (8 + wag, 74), (9, 56), (15, 44)], hair)
    plot.body(
        curve(
            "10,44 16,36 34,38 52,38 62,28 70,12 78,4 88,8 95,20 "
            "100,28 98,34 92,35 84,28 80,40 74,54 64,61 44,64 24,61 13,56"
        ),
        "75,8 78,0 82,7",
        *legs,
    )
    plot.fill(curve("80,2 72,4 62,18 54,36 62,36 70,22 78,12"), hair)
    for leg in legs:
        plot.fill([leg[3], leg[2], (leg[2][0], 95), (leg[3][0], 95)], hair)
    draw_eye(plot, 85, 14, 2.6)
    plot.disc(97, 29, 1.2, plot.ink)


def _cow(plot: Plot, second: float) -> None:
    legs = _legs(plot, (14, 25, 60, 70), 60, 9, swing(second, STEPS, 4))
    wag, patch = swing(second, 0.6, 3), INK if plot.is_pale else WHITE
    plot.line([(8, 28), (3, 40), (2 + max(0, wag), 58)], plot.edge, 3)
    plot.disc(3 + max(0, wag), 60, 4, plot.ink)
    plot.fill(oval(33, 72, 8, 8), ROSE)
    plot.fill("78,16 74,2 78,0 84,12", HORN)
    plot.fill("88,12 92,0 96,2 93,15", HORN)
    plot.body(
        curve(
            "6,32 14,25 40,26 64,24 76,14 90,11 97,20 "
            "100,40 96,52 86,52 78,62 66,70 40,70 14,70 6,58"
        ),
        *legs,
    )
    plot.fill(curve("16,27 34,27 38,42 28,54 18,46"), patch)
    plot.fill(curve("48,40 60,36 64,50 56,60 46,54"), patch)
    plot.fill(curve("78,18 70,18 66,24 74,28"), plot.edge)
    plot.fill(curve("87,38 96,36 100,42 98,52 88,52"), ROSE)
    plot.disc(95, 43, 2.2, INK)
    draw_eye(plot, 88, 26, 4)


def _sheep(plot: Plot, second: float) -> None:
    skin = (196, 168, 140) if plot.is_dark else (70, 62, 62)
    nod = swing(second, 0.4, 2)
    for x, tint in ((24, 0), (34, 1), (60, 0), (70, 1)):
        leg = stick((x, 70), (x, 100), 7, 6)
        plot.fill(leg, (skin[0] + 24, skin[1] + 24, skin[2] + 24) if tint else skin)
    plot.body(cloud(44, 44, 44, 44, 13))
    plot.line("22,44 28,50 34,44", plot.edge, 3)
    plot.line("44,58 50,64 56,58", plot.edge, 3)
    plot.line("40,26 46,32 52,26", plot.edge, 3)
    head = Plot(plot.brush, plot.box, plot.main, plot.is_mirrored, nod)
    head.fill(curve("76,22 86,18 94,28 100,48 96,58 86,56 76,42"), skin)
    head.fill(curve("76,30 68,32 66,42 74,42"), skin)
    head.body(cloud(82, 18, 13, 12, 7))
    draw_eye(head, 89, 34, 5)


def _bird(plot: Plot, second: float) -> None:
    sweep = swing(second, 2.2, 12, 0.1)
    plot.fill([(44, 60), (68, 58), (62 - sweep, 6), (50 - sweep, 10)], plot.edge)
    plot.fill("84,40 100,52 84,58", BEAK)
    plot.body(
        curve("0,56 12,58 30,54 54,52 66,36 80,30 90,42 88,60 76,84 58,99 42,98 26,84 12,74 0,72"),
    )
    plot.fill(curve("60,78 76,66 80,76 66,92 52,97"), plot.trim)
    plot.body([(30, 72), (56, 70), (50 + sweep, 30), (38 + sweep, 0), (30 + sweep, 6), (26, 50)])
    plot.line([(36, 66), (36 + sweep, 22)], plot.edge, 2.5)
    draw_eye(plot, 80, 44, 6)


def _duck(plot: Plot, second: float) -> None:
    step = swing(second, STEPS, 4)
    for x, way in ((40, step), (52, -step)):
        plot.line([(x, 88), (x + way, 97), (x + way + 8, 98)], BEAK, 5)
    plot.fill(curve("84,18 92,20 100,24 99,30 84,32"), BEAK)
    plot.body(
        curve(
            "0,44 10,54 30,56 50,54 58,44 56,26 60,8 72,0 84,6 "
            "88,20 84,34 76,44 82,60 78,78 64,90 36,92 14,82 4,66"
        ),
    )
    plot.fill(curve("18,60 38,58 60,64 54,76 38,80 24,74"), plot.edge)
    plot.line("58,42 68,46 77,42", plot.trim, 6)
    draw_eye(plot, 75, 16, 5.5)


def _rabbit(plot: Plot, second: float) -> None:
    ear = swing(second, 0.5, 3)
    plot.body([(66, 36), (70, 10), (78 + ear, 0), (84 + ear, 4), (82, 34)])
    plot.body(
        curve(
            "6,80 12,60 30,48 54,52 58,40 70,32 86,33 97,44 "
            "100,54 94,62 82,66 80,82 86,98 60,100 30,100 10,96"
        ),
        [(58, 40), (50, 14), (54 - ear, 0), (60 - ear, 0), (68, 14), (72, 36)],
    )
    plot.fill([(61, 32), (56, 14), (57 - ear, 6), (64, 16), (67, 32)], ROSE)
    plot.disc(9, 84, 9, plot.trim)
    plot.line("22,94 24,76 38,70 50,78 52,92", plot.edge, 3)
    plot.line("62,98 86,98", plot.edge, 3)
    draw_eye(plot, 80, 45, 6)
    plot.disc(98, 53, 3.5, ROSE)
    plot.line("90,60 97,59", plot.ink, 1.5)


def _butterfly(plot: Plot, second: float) -> None:
    middle = 50 + swing(second, 2.5, 13)
    for side in (0, 100):
        near, far = middle, side
        x = [near + (far - near) * share for share in (0.0, 0.35, 0.75, 1.0)]
        plot.body(
            [(x[0], 42), (x[1], 12), (x[2], 4), (x[3], 8), (x[3], 30), (x[2], 50), (x[0], 56)],
            [
                (x[0], 52),
                (x[2], 54),
                (x[3], 66),
                (x[2] * 0.95 + x[3] * 0.05, 92),
                (x[1], 100),
                (x[0], 66),
            ],
        )
        plot.fill([(x[1], 28), (x[2], 16), (x[2], 36), (x[1], 44)], plot.trim)
        plot.fill([(x[1], 66), (x[2], 66), (x[1], 84)], plot.trim)
        plot.line([(middle, 28), (middle * 0.8 + side * 0.2, 2)], FUR, 3)
    plot.fill(oval(middle, 54, 4.5, 30), FUR)


ANIMALS: MappingProxyType[str, Draw] = MappingProxyType(
    {
        "dog": _dog,
        "cat": _cat,
        "horse": _horse,
        "cow": _cow,
        "sheep": _sheep,
        "bird": _bird,
        "duck": _duck,
        "rabbit": _rabbit,
        "butterfly": _butterfly,
    }
)
