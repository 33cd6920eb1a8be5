"""Furniture and what hangs on walls, each in its own box. Knows nothing of rooms."""

from math import cos, pi, sin
from types import MappingProxyType

from bench.world.drawing.things_plot import (
    GLOW,
    GOLD,
    INK,
    IRON,
    STEEL,
    WHITE,
    WOOD,
    Draw,
    Plot,
    curve,
    oval,
    panel,
)

SPINES = ((190, 60, 56), (62, 120, 176), (226, 190, 90), (84, 146, 98), (236, 232, 220))


def _chair(plot: Plot, second: float) -> None:
    plot.fill("22,56 32,56 32,94 24,94", plot.edge)
    plot.fill("74,56 84,56 82,94 74,94", plot.edge)
    plot.body(
        panel(0, 0, 17, 100, 4, 2),
        "6,3 44,3 44,11 6,11",
        panel(2, 49, 100, 60, 5, 3),
        panel(86, 52, 100, 100, 3, 2),
    )
    plot.body("14,14 46,14 40,44 14,44")
    plot.line("24,18 24,42", plot.edge, 4)
    plot.line("34,18 32,42", plot.edge, 4)
    plot.fill(panel(17, 50, 98, 54), plot.pale)
    plot.fill(panel(17, 76, 86, 80), plot.dark)


def _table(plot: Plot, second: float) -> None:
    for x in (20, 73):
        plot.fill(panel(x, 20, x + 7, 90), plot.edge)
    plot.body(
        panel(0, 0, 100, 16, 2, 4),
        panel(8, 14, 92, 32),
        panel(5, 14, 14, 100),
        panel(86, 14, 95, 100),
    )
    plot.fill(panel(1, 2, 99, 7), plot.pale)
    plot.line("8,18 92,18", plot.edge, 3)
    plot.disc(50, 25, 4, STEEL)


def _sofa(plot: Plot, second: float) -> None:
    for x in (8, 85):
        plot.fill(panel(x, 86, x + 7, 100), WOOD)
    plot.body(panel(8, 0, 92, 70, 6, 14))
    plot.line("50,4 50,48", plot.edge, 3)
    plot.fill(panel(12, 76, 88, 92), plot.dark)
    for left in (14, 50):
        plot.body(panel(left, 48, left + 36, 76, 3, 8))
    for left in (0, 86):
        plot.body(panel(left, 30, left + 14, 92, 5, 12))
    plot.fill("20,26 32,20 38,44 24,50", plot.trim)


def _lamp(plot: Plot, second: float) -> None:
    plot.fill(panel(46, 40, 54, 96), STEEL)
    plot.fill(curve("16,100 24,95 50,93 76,95 84,100"), STEEL)
    plot.fill(oval(50, 42, 16, 4), GLOW)
    plot.body("24,0 76,0 100,42 0,42")
    plot.fill("34,3 46,3 40,39 14,39", plot.pale)
    plot.fill(panel(1, 39, 99, 42), plot.edge)
    plot.line("72,42 72,52", plot.ink, 3)
    plot.body(panel(28, 95, 72, 100, 10, 2))


def _bookshelf(plot: Plot, second: float) -> None:
    plot.body(panel(0, 0, 100, 100))
    for row, top in enumerate((6, 30, 54, 77)):
        plot.fill(panel(9, top, 91, top + 18), plot.dark)
        x = 11 + 9 * (row % 2)
        for number in range(6 - row % 2):
            tint = SPINES[(number * 2 + row) % 5]
            width, high = 8 + 3 * ((number + row) % 2), 12 + 2 * ((number * 3 + row) % 3)
            plot.fill(panel(x, top + 18 - high, x + width, top + 18), tint)
            x += width + (5 if number == 2 + row % 3 else 1)


def _television(plot: Plot, second: float) -> None:
    plot.line("30,3 46,18 66,2", plot.ink if plot.is_dark else STEEL, 3)
    plot.fill("16,88 26,88 20,100 12,100", IRON)
    plot.fill("74,88 84,88 88,100 80,100", IRON)
    plot.body(panel(0, 16, 100, 93, 6, 8))
    plot.fill(panel(9, 27, 69, 81, 6, 8), INK)
    shift = (second * 24) % 40
    plot.fill(panel(12, 31, 66, 77, 5, 7), (118, 190, 226))
    plot.fill("12,70 30,56 44,66 56,52 66,66 66,74 63,77 15,77 12,74", (96, 168, 104))
    plot.fill(oval(18 + shift, 40, 8, 4), WHITE)
    for y in (36, 54):
        plot.disc(85, y, 5.5, plot.ink)
    plot.line("80,70 92,70", plot.ink, 3)
    plot.line("80,78 92,78", plot.ink, 3)


def _bed(plot: Plot, second: float) -> None:
    plot.fill(panel(0, 0, 5, 100, 2, 4), WOOD)
    plot.fill(panel(95, 34, 100, 100, 2, 4), WOOD)
    plot.fill(panel(3, 70, 97, 84), WOOD)
    plot.fill(panel(5, 46, 96, 72, 2, 6), WHITE)
    plot.fill(curve("7,38 16,32 27,36 29,46 26,52 10,52 6,46"), WHITE)
    plot.line("9,53 27,52", (196, 198, 202), 3)
    plot.body(curve("28,44 40,36 60,34 80,34 93,38 96,50 96,66 95,80 70,82 44,82 28,80 26,62"))
    plot.fill("28,42 36,38 37,82 28,81", plot.trim)
    plot.line("52,40 54,78", plot.edge, 2.5)
    plot.line("74,40 75,78", plot.edge, 2.5)


def _door(plot: Plot, second: float) -> None:
    plot.fill(panel(0, 0, 100, 100), WHITE if plot.is_dark else plot.edge)
    plot.body(panel(8, 4, 92, 100))
    for top, bottom in ((10, 46), (56, 93)):
        for left in (18, 55):
            plot.fill(panel(left, top, left + 27, bottom), plot.edge)
            plot.fill(panel(left + 4, top + 2, left + 27, bottom), plot.pale)
    plot.disc(84, 52, 6, GOLD if plot.main[2] > 80 or plot.is_dark else STEEL)


def _clock(plot: Plot, second: float) -> None:
    plot.body(oval(50, 50, 50, 50))
    plot.fill(oval(50, 50, 34, 34), (252, 250, 240))
    for hour in range(0, 12, 3):
        across, down = cos(hour * pi / 6), sin(hour * pi / 6)
        ends = [(50 + across * r, 50 + down * r) for r in (25, 30)]
        plot.line(ends, INK, 4)
    for turn, reach, width in ((0.86 + second / 720, 17, 6), (0.13 + second / 60, 27, 4)):
        across, down = sin(turn * 2 * pi), -cos(turn * 2 * pi)
        plot.line([(50, 50), (50 + reach * across, 50 + reach * down)], INK, width)
    plot.fill(oval(50, 50, 4.5, 4.5), plot.main)


def _painting(plot: Plot, second: float) -> None:
    plot.fill(panel(0, 0, 100, 100), WOOD if plot.main[2] < 80 and plot.main[0] > 200 else GOLD)
    plot.fill(panel(3, 4, 97, 96), (120, 84, 48))
    plot.fill(panel(8, 11, 92, 89), plot.main)
    plot.fill("8,66 30,34 46,60 60,44 92,74 92,89 8,89", plot.dark)
    plot.line("8,66 30,34 46,60 60,44 92,74", plot.edge, 2)
    plot.fill("22,46 30,34 37,46 30,43", plot.trim)
    plot.disc(74, 28, 9, plot.trim)


FURNITURE: MappingProxyType[str, Draw] = MappingProxyType(
    {
        "chair": _chair,
        "table": _table,
        "sofa": _sofa,
        "lamp": _lamp,
        "bookshelf": _bookshelf,
        "television": _television,
        "bed": _bed,
        "door": _door,
        "clock": _clock,
        "painting": _painting,
    }
)
