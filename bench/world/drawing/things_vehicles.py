"""Vehicles, seen from the side, each in its own box. Knows nothing of where they go."""

from math import cos
from types import MappingProxyType

from bench.world.drawing.things_plot import (
    GLOW,
    INK,
    PANE,
    STEEL,
    TYRE,
    WHITE,
    WOOD,
    Draw,
    Plot,
    curve,
    draw_spokes,
    oval,
    panel,
    swing,
)

RED_LIGHT = (226, 54, 46)


def _car(plot: Plot, second: float) -> None:
    plot.body(
        curve(
            "0,62 1,50 12,44 20,36 27,10 34,1 48,0 62,1 "
            "69,8 79,40 92,46 99,54 100,68 99,84 50,85 1,84"
        )
    )
    plot.fill("25,38 31,14 36,11 48,11 48,40", PANE)
    plot.fill("52,11 61,11 65,14 74,40 52,40", PANE)
    plot.fill("58,11 61,11 71,40 66,40", WHITE)
    plot.line("50,44 50,80", plot.edge, 2)
    plot.line("54,52 60,52", plot.ink, 3)
    plot.fill(panel(0, 68, 100, 78), plot.dark)
    plot.fill(curve("93,50 98,53 99,62 94,60"), GLOW)
    plot.fill(panel(0, 52, 3, 62), RED_LIGHT)
    for x in (21, 79):
        _wheel(plot, x, 80, 20, second)


def _bus(plot: Plot, second: float) -> None:
    plot.body(panel(0, 0, 100, 88, 4, 9))
    for left in (5, 20, 35, 50):
        plot.fill(panel(left, 14, left + 12, 42), PANE)
    plot.fill(panel(66, 14, 79, 84), plot.dark)
    plot.fill(panel(68, 17, 77, 62), PANE)
    plot.fill("84,14 97,14 100,20 100,48 84,48", PANE)
    plot.fill("93,14 97,14 92,48 87,48", WHITE)
    plot.fill(panel(0, 54, 64, 60), plot.trim)
    plot.fill(panel(96, 64, 100, 74), GLOW)
    plot.fill(panel(0, 66, 2, 76), RED_LIGHT)
    for x in (18, 87):
        _wheel(plot, x, 85, 15, second)


def _truck(plot: Plot, second: float) -> None:
    plot.fill(panel(2, 74, 98, 86), TYRE)
    plot.body(panel(0, 0, 66, 74, 1.5, 3))
    for x in (16, 33, 50):
        plot.line([(x, 5), (x, 69)], plot.edge, 2)
    plot.body("70,24 86,24 94,50 100,54 100,86 70,86")
    plot.fill("74,31 84,31 91,51 74,51", PANE)
    plot.fill(panel(74, 58, 79, 61), plot.ink)
    plot.fill(panel(97, 60, 100, 70), GLOW)
    plot.fill(panel(92, 78, 100, 84), STEEL)
    for x in (14, 34, 83):
        _wheel(plot, x, 84, 16, second)


def _bicycle(plot: Plot, second: float) -> None:
    for x in (21, 79):
        rim = plot.ring(x, 69, 29)
        plot.line([*rim, rim[0]], INK, 4)
        rim = plot.ring(x, 69, 26)
        plot.line([*rim, rim[0]], plot.main, 6)
        draw_spokes(plot, x, 69, 23, second, STEEL)
    plot.rope("21,69 36,26 70,28 47,70 21,69", 7)
    plot.rope("34,18 47,70", 7)
    plot.rope("79,69 68,10", 7)
    plot.line("68,10 66,4 74,2 78,8", plot.ink, 5)
    plot.fill(curve("26,14 34,12 42,14 38,19 30,19"), plot.ink)
    plot.disc(47, 70, 8, STEEL)


def _motorcycle(plot: Plot, second: float) -> None:
    for x in (20, 80):
        _wheel(plot, x, 73, 27, second)
    plot.line("80,73 68,20", STEEL, 6)
    plot.fill(curve("12,40 24,36 46,42 46,50 26,50"), INK)
    plot.body(
        curve("0,48 8,42 24,46 40,50 46,34 62,26 72,30 78,42 72,62 60,80 38,82 30,66 18,56 4,58"),
        curve("62,54 72,42 86,40 98,56 100,66 92,58 82,52 72,56"),
    )
    plot.fill(curve("48,38 58,31 68,34 66,44 52,46"), plot.pale)
    plot.disc(50, 66, 10, STEEL)
    plot.line("46,80 14,84", STEEL, 5)
    plot.line("70,22 62,6 54,4", plot.ink, 6)
    plot.body("66,2 76,0 82,26 72,28")
    plot.disc(79, 26, 8, GLOW)


def _boat(plot: Plot, second: float) -> None:
    sails = Plot(plot.brush, plot.box, plot.main, plot.is_mirrored, swing(second, 0.4, 3))
    sails.fill(panel(46, 0, 49, 80), WOOD)
    sails.body(curve("44,5 44,40 44,70 24,70 5,69 22,46 36,20"))
    sails.fill("40,22 42,22 42,36 33,36", sails.dark)
    sails.fill(curve("52,12 66,38 84,68 66,68 52,68 52,40"), sails.trim)
    dip = swing(second, 0.4, 1.5, 0.25)
    plot.body([(0, 76 - dip), (100, 76 + dip), (96, 84), (84, 100), (16, 100), (4, 84)])
    plot.fill([(2, 80 - dip), (98, 80 + dip), (96, 85), (4, 85)], plot.trim)


def _airplane(plot: Plot, second: float) -> None:
    plot.body("0,2 9,0 22,40 6,44")
    plot.fill("48,36 38,10 46,10 64,36", plot.dark)
    plot.body(curve("2,40 14,34 40,30 70,30 86,36 95,48 96,56 90,66 70,74 40,74 16,60 4,50"))
    plot.fill(curve("76,34 86,40 90,48 78,48"), PANE)
    for x in (28, 38, 48, 58, 68):
        plot.fill(oval(x, 46, 2.4, 6), PANE)
    plot.body("66,58 50,58 30,96 36,100 44,99")
    plot.body("14,46 4,60 10,62 24,50")
    reach = 10 + 24 * abs(cos(second * 9))
    plot.fill(oval(98, 52, 1.6, reach), STEEL)
    plot.disc(96.5, 52, 7, plot.ink)


def _tractor(plot: Plot, second: float) -> None:
    plot.fill(panel(80, 6, 84, 44), TYRE)
    plot.fill(panel(15, 4, 56, 48), PANE)
    plot.fill(panel(34, 4, 38, 48), plot.dark)
    plot.body(panel(9, 0, 62, 8, 2, 3), panel(12, 6, 18, 50), panel(53, 6, 58, 50))
    plot.body(curve("10,48 40,44 60,40 82,38 96,42 98,54 97,74 80,80 50,80 14,76"))
    for y in (50, 58, 66):
        plot.line([(72, y), (88, y)], plot.ink, 2.5)
    plot.disc(97, 50, 5, GLOW)
    _wheel(plot, 23, 68, 32, second, is_painted=True)
    _wheel(plot, 83, 79, 21, second, is_painted=True)


def _wheel(
    plot: Plot, x: float, y: float, radius: float, second: float, *, is_painted: bool = False
) -> None:
    plot.disc(x, y, radius, TYRE)
    plot.disc(x, y, radius * (0.76 if is_painted else 0.56), plot.main if is_painted else STEEL)
    draw_spokes(plot, x, y, radius * 0.5, second, TYRE)


VEHICLES: MappingProxyType[str, Draw] = MappingProxyType(
    {
        "car": _car,
        "bus": _bus,
        "truck": _truck,
        "bicycle": _bicycle,
        "motorcycle": _motorcycle,
        "boat": _boat,
        "airplane": _airplane,
        "tractor": _tractor,
    }
)
