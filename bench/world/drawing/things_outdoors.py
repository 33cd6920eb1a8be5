"""Plants and what stands about outdoors, each in its own box. Knows nothing of places."""

from types import MappingProxyType

from bench.world.drawing.things_plot import (
    BARK,
    BEAK,
    GLOW,
    INK,
    IRON,
    LEAF,
    STEEL,
    WATER,
    WHITE,
    Draw,
    Plot,
    cloud,
    curve,
    oval,
    panel,
    swing,
)


def _tree(plot: Plot, second: float) -> None:
    bent = Plot(plot.brush, plot.box, plot.main, plot.is_mirrored, swing(second, 0.3, 1.5))
    bent.fill(curve("43,60 57,60 57,86 66,100 50,98 34,100 43,86"), BARK)
    bent.line("49,70 30,54", BARK, 5)
    bent.line("51,72 70,56", BARK, 5)
    bent.body(cloud(50, 35, 50, 35, 11))
    bent.fill(cloud(64, 46, 28, 18, 8), plot.dark)
    bent.fill(cloud(36, 22, 24, 14, 8), plot.pale)
    for mark in (
        "20,40 25,43 30,40",
        "56,30 61,33 66,30",
        "42,54 47,57 52,54",
        "66,54 71,57 76,54",
    ):
        bent.line(mark, plot.edge, 2)


def _bush(plot: Plot, second: float) -> None:
    bent = Plot(plot.brush, plot.box, plot.main, plot.is_mirrored, swing(second, 0.3, 1.0))
    bent.body(cloud(30, 64, 30, 36, 8), cloud(72, 66, 28, 34, 8), cloud(52, 48, 32, 48, 9))
    bent.fill(panel(8, 84, 92, 100, 8, 8), plot.main)
    bent.fill(cloud(70, 72, 20, 18, 7), plot.dark)
    bent.fill(cloud(44, 34, 18, 18, 7), plot.pale)
    berry = (214, 44, 56) if plot.main[0] < 190 else WHITE
    for x, y in ((20, 60), (40, 72), (56, 26), (62, 54), (82, 60)):
        bent.disc(x, y, 4.5, berry if not plot.is_pale else (214, 44, 56))


def _flowerpot(plot: Plot, second: float) -> None:
    bent = Plot(plot.brush, plot.box, plot.main, plot.is_mirrored, swing(second, 0.4, 3))
    bent.line("50,56 50,14", LEAF, 7)
    bent.line("48,56 24,26", LEAF, 6)
    bent.line("52,56 76,26", LEAF, 6)
    bent.fill(curve("48,54 22,52 6,38 30,36 44,44"), LEAF)
    bent.fill(curve("52,54 78,52 94,38 70,36 56,44"), LEAF)
    petals = WHITE if not plot.is_pale else (236, 110, 140)
    for x, y in ((50, 10), (20, 22), (80, 22)):
        bent.fill(cloud(x, y, 17, 10, 5), petals)
        bent.disc(x, y, 7, (250, 204, 60))
    plot.body("8,62 92,62 78,100 22,100", panel(0, 50, 100, 64, 4, 2))
    plot.fill("76,65 91,65 78,99 68,99", plot.dark)
    plot.line("4,64 96,64", plot.edge, 3)


def _tent(plot: Plot, second: float) -> None:
    plot.body("36,2 84,2 100,98 0,98")
    plot.fill("36,2 84,2 100,98 64,98", plot.dark)
    plot.body("35,2 70,98 0,98")
    plot.fill("35,22 54,98 18,98", (58, 50, 48))
    plot.fill("35,22 18,98 12,98 30,50", plot.pale)
    plot.line("32,0 35,4 38,0", plot.ink, 2)
    plot.line("36,2 84,2 100,98", plot.edge, 2)
    plot.line("0,100 100,100", plot.edge, 2)
    plot.line("54,50 92,50", plot.edge, 2)


def _bench(plot: Plot, second: float) -> None:
    for x in (12, 82):
        plot.fill(panel(x, 4, x + 5, 100), IRON)
        plot.fill(panel(x - 3, 92, x + 9, 100), IRON)
    for top in (0, 18, 36):
        plot.body(panel(2, top, 98, top + 13, 1, 2))
    plot.body(panel(0, 56, 100, 67, 1, 2), panel(0, 67, 100, 74))
    plot.fill(panel(1, 67, 99, 74), plot.edge)
    for x in (4, 90):
        plot.fill(panel(x, 66, x + 6, 100), IRON)


def _mailbox(plot: Plot, second: float) -> None:
    for x in (8, 78):
        plot.fill(panel(x, 80, x + 14, 100), IRON)
    plot.body(panel(4, 0, 96, 50, 46, 18), panel(4, 24, 96, 84), panel(0, 80, 100, 88))
    plot.fill(panel(14, 22, 86, 32, 4, 2), plot.edge)
    plot.fill(panel(20, 25, 80, 29), INK if not plot.is_dark else WHITE)
    plot.fill(panel(24, 46, 76, 66), WHITE if not plot.is_pale else (60, 96, 170))
    plot.line("25,47 50,58 75,47", plot.edge if not plot.is_pale else WHITE, 4)
    plot.line("8,74 92,74", plot.edge, 3)


def _fountain(plot: Plot, second: float) -> None:
    rise = swing(second, 1.3, 3)
    plot.fill(panel(47, 2, 53, 34), WATER)
    for side in (-1, 1):
        for reach, top in ((14, 4 + max(0, rise)), (30, 12 - min(0, rise))):
            arc = [(50, 20), (50 + side * reach * 0.3, top), (50 + side * reach * 0.75, top + 8)]
            plot.line([*arc, (50 + side * reach, 34)], WATER, 4)
        for reach in (22, 30):
            plot.line([(50 + side * reach, 42), (50 + side * (reach + 6), 66)], WATER, 4)
    plot.fill(oval(50, 4, 5, 4), WATER)
    plot.body(panel(44, 40, 56, 72))
    plot.body(curve("18,34 50,33 82,34 78,42 62,50 50,51 38,50 22,42"))
    plot.body("0,68 100,68 96,92 100,100 0,100 4,92")
    plot.fill(oval(50, 69, 47, 5), WATER)
    plot.body(panel(45, 50, 55, 70))
    plot.line("3,80 97,80", plot.edge, 2.5)
    drop = (second * 30) % 18
    for x in (26, 72):
        plot.disc(x, 48 + drop, 3, WHITE)


def _street_lamp(plot: Plot, second: float) -> None:
    plot.fill("10,8 90,8 72,27 28,27", GLOW)
    plot.body("44,1 50,0 56,1 78,4 100,9 0,9 22,4")
    for bar in ("4,9 27,27", "96,9 73,27"):
        plot.line(bar, plot.main, 7)
    plot.body(
        panel(20, 26, 80, 29.5),
        "38,29 62,29 62,90 38,90",
        panel(24, 42, 76, 44),
        "30,85 70,85 90,100 10,100",
    )
    plot.line("46,31 46,88", plot.pale, 5)
    plot.line("24,91 76,91", plot.edge, 5)


def _robot(plot: Plot, second: float) -> None:
    lift = swing(second, 1.0, 5)
    plot.line("50,16 50,4", STEEL, 4)
    plot.disc(50, 4, 7, (240, 60, 60) if int(second * 2) % 2 == 0 else (255, 190, 90))
    for x in (30, 62):
        plot.fill(panel(x, 78, x + 8, 94), STEEL)
    for x, way in ((9, lift), (91, -lift)):
        plot.line([(x, 44), (x, 62 + way)], STEEL, 7)
    plot.body(panel(22, 12, 78, 38, 8, 5), panel(16, 41, 84, 80, 8, 5))
    plot.body(panel(22, 92, 46, 100, 5, 3), panel(56, 92, 80, 100, 5, 3))
    for x, way in ((9, lift), (91, -lift)):
        plot.body([(x - 9, 60 + way), (x + 9, 60 + way), (x + 9, 70 + way), (x - 9, 70 + way)])
    for x in (38, 62):
        plot.disc(x, 22, 9.9, WHITE)
        plot.disc(x + 2, 22, 5, INK)
    plot.fill(panel(36, 30, 64, 34), plot.ink)
    plot.fill(panel(29, 49, 71, 61), plot.trim)
    for x, tint in ((36, (226, 60, 60)), (50, (250, 200, 60)), (64, (70, 170, 90))):
        plot.disc(x, 55, 5, tint)
    plot.line("30,71 70,71", plot.edge, 4)


def _ladder(plot: Plot, second: float) -> None:
    rungs = [panel(8, y, 92, y + 4) for y in (10, 24, 38, 52, 66, 80)]
    plot.body(*rungs, "8,0 24,0 18,100 0,100", "76,0 92,0 100,100 82,100")
    plot.line("13,3 7,97", plot.pale, 4)
    plot.line("82,3 90,97", plot.pale, 4)


def _snowman(plot: Plot, second: float) -> None:
    wave = swing(second, 0.8, 4)
    plot.line([(28, 50), (12, 40), (2, 34 + wave)], BARK, 5)
    plot.line([(72, 50), (88, 40), (98, 34 - wave)], BARK, 5)
    plot.body(oval(50, 78, 38, 22), oval(50, 52, 29, 18), oval(50, 29, 21, 14))
    plot.fill(panel(22, 16, 78, 20, 3, 2), plot.ink)
    plot.fill(panel(33, 0, 67, 18), plot.ink)
    scarf = (210, 50, 54) if plot.main[0] < 200 or plot.is_pale else (46, 96, 176)
    plot.fill(panel(33, 12, 67, 16), scarf)
    plot.fill(curve("30,38 50,42 70,38 72,43 50,47 28,43"), scarf)
    plot.fill("60,42 70,42 72,58 62,58", scarf)
    for x in (44, 60):
        plot.disc(x, 26, 4, plot.ink)
    plot.fill("52,28 78,32 52,34", BEAK)
    for y in (54, 64, 76):
        plot.disc(50, y, 4, plot.ink)


OUTSIDE: MappingProxyType[str, Draw] = MappingProxyType(
    {
        "tree": _tree,
        "bush": _bush,
        "flowerpot": _flowerpot,
        "tent": _tent,
        "bench": _bench,
        "mailbox": _mailbox,
        "fountain": _fountain,
        "street lamp": _street_lamp,
        "robot": _robot,
        "ladder": _ladder,
        "snowman": _snowman,
    }
)
