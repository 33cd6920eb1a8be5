"""Things that people hold, carry, throw and give, each in its own box. Knows nothing of hands."""

from math import cos, pi, sin
from types import MappingProxyType

from bench.world.drawing.things_plot import (
    GLOW,
    GOLD,
    INK,
    IRON,
    LEAF,
    STEEL,
    WHITE,
    WOOD,
    Draw,
    Plot,
    cloud,
    curve,
    oval,
    panel,
    swing,
)

CREAM = (250, 240, 214)


def _ball(plot: Plot, second: float) -> None:
    plot.body(oval(50, 50, 50, 50))
    for third in range(3):
        start = second * 5 + third * 2 * pi / 3
        rim = [(50 + 48 * cos(start + i / 5), 50 + 48 * sin(start + i / 5)) for i in range(5)]
        plot.fill([(50, 50), *rim], plot.trim)
    plot.fill(oval(50, 50, 8, 8), plot.edge)
    plot.fill(oval(34, 26, 9, 6), plot.pale)


def _bag(plot: Plot, second: float) -> None:
    plot.rope(curve("30,44 28,20 38,6 62,6 72,20 70,44"), 8)
    plot.body(curve("12,38 50,36 88,38 94,62 100,90 94,100 50,100 6,100 0,90 6,62"))
    plot.fill(curve("12,38 50,36 88,38 90,52 76,66 50,70 24,66 10,52"), plot.edge)
    plot.fill(panel(43, 60, 57, 76, 4, 4), GOLD)


def _umbrella(plot: Plot, second: float) -> None:
    plot.fill(panel(48, 0, 52, 90), STEEL)
    plot.line("50,78 50,93 54,98 60,98 63,92", WOOD, 6)
    plot.body(
        "0,50 3,34 12,20 28,9 44,4 50,3 56,4 72,9 88,20 97,34 100,50 "
        "92,45 84,44 75,50 67,45 58,44 50,50 42,44 33,45 25,50 16,44 8,45"
    )
    plot.fill("50,3 38,14 28,32 25,50 33,45 42,44 50,50", plot.pale)
    plot.fill("56,4 70,14 76,34 75,50 84,44 92,45 100,50 97,34 88,20 72,9", plot.dark)
    for seam in ("50,3 38,14 28,32 25,50", "50,3 50,50", "50,3 62,14 72,32 75,50"):
        plot.line(seam, plot.edge, 2)


def _book(plot: Plot, second: float) -> None:
    plot.body("0,12 30,0 100,12 100,24 74,100 0,82")
    plot.fill("4,80 74,96 96,26 100,24 100,16 74,100 4,84", plot.edge)
    plot.fill("6,72 72,88 97,22 98,30 74,98 6,82", WHITE)
    plot.body("2,70 28,2 98,14 72,86")
    plot.line("6,78 72,93", STEEL, 2)
    plot.line("13,70 37,6", plot.edge, 4)
    plot.fill("44,22 80,28 75,42 39,36", plot.trim)


def _glass(plot: Plot, second: float) -> None:
    plot.line("60,40 82,4 96,5", (230, 70, 80) if plot.main[0] < 200 else (60, 130, 200), 8)
    plot.fill("0,14 94,14 84,100 12,100", (206, 228, 238))
    tilt = swing(second, 1.2, 1)
    plot.fill([(6, 28 - tilt), (89, 28 + tilt), (81, 95), (15, 95)], plot.main)
    plot.fill([(6, 28 - tilt), (89, 28 + tilt), (88, 34 + tilt), (7, 34 - tilt)], plot.edge)
    plot.fill("14,36 28,36 30,88 22,88", plot.pale if not plot.is_pale else STEEL)
    plot.line("2,14 92,14 83,98 13,98 2,14", (150, 176, 190), 4)


def _cup(plot: Plot, second: float) -> None:
    handle = curve("72,28 88,26 94,42 88,62 72,72")
    plot.rope(handle[:13], 12)
    plot.body("0,10 78,10 76,70 68,92 56,100 22,100 10,92 2,70")
    plot.fill(oval(39, 11, 39, 11), plot.edge)
    plot.fill(oval(39, 12, 33, 7), (96, 60, 40))
    plot.fill(curve("8,30 16,30 18,70 12,74"), plot.trim)


def _phone(plot: Plot, second: float) -> None:
    plot.body(panel(0, 0, 100, 100, 16, 9))
    plot.fill(panel(18, 17, 82, 77, 3, 2), INK)
    plot.fill(panel(22, 19, 78, 75), (196, 226, 240))
    for row, y in enumerate((24, 42, 60)):
        for x, tint in ((26, (240, 120, 90)), (54, (110, 180, 120))):
            plot.fill(panel(x, y, x + 18, y + 10), tint if row != 1 else (250, 214, 110))
    plot.line("38,8 62,8", plot.ink, 5)
    plot.disc(50, 89, 10, plot.trim)


def _guitar(plot: Plot, second: float) -> None:
    plot.fill("56,42 90,42 90,58 56,58", (104, 70, 44))
    plot.fill("88,36 100,32 100,68 88,64", INK if not plot.is_dark else WOOD)
    plot.body(
        curve("0,50 4,16 18,0 32,10 40,22 50,14 58,22 62,50 58,78 50,86 40,78 32,90 18,100 4,84")
    )
    plot.fill(plot.ring(42, 50, 17), INK if not plot.is_dark else (150, 120, 84))
    plot.fill(panel(14, 32, 19, 68), (104, 70, 44) if plot.main[0] > 140 else CREAM)
    for y in (45, 55):
        plot.line([(16, y), (96, y)], (226, 222, 210), 1.6)
    for x in (66, 74, 82):
        plot.line([(x, 43), (x, 57)], STEEL, 1.6)


def _camera(plot: Plot, second: float) -> None:
    plot.fill(panel(12, 8, 28, 30), INK)
    plot.body(panel(0, 18, 100, 100, 8, 12), "34,20 40,0 68,0 74,20")
    plot.fill(panel(0, 34, 100, 42), plot.edge)
    plot.disc(54, 62, 32, plot.ink)
    plot.disc(54, 62, 22, (70, 110, 160))
    plot.disc(48, 54, 8, WHITE)
    plot.fill(panel(80, 24, 94, 32), GLOW)
    plot.fill(panel(46, 6, 62, 16), (180, 210, 230))


def _flower(plot: Plot, second: float) -> None:
    bent = Plot(plot.brush, plot.box, plot.main, plot.is_mirrored, swing(second, 0.5, 4))
    bent.line("50,50 52,99", LEAF, 11)
    bent.fill(curve("52,88 26,80 14,64 36,68 50,78"), LEAF)
    bent.fill(curve("52,80 72,72 84,58 68,60 54,70"), LEAF)
    bent.body(cloud(50, 27, 50, 27, 5, 0.4))
    bent.fill(cloud(50, 27, 32, 17, 5, 0.4), bent.dark)
    middle = (250, 214, 60) if plot.main[2] > 60 or plot.main[0] < 200 else (120, 70, 40)
    bent.disc(50, 27, 17, middle)


def _balloon(plot: Plot, second: float) -> None:
    drift = swing(second, 0.6, 8)
    plot.line(
        [(50, 44), (50 + drift, 58), (50 - drift, 72), (50 + drift / 2, 86), (50, 100)],
        (120, 124, 132),
        3,
    )
    plot.body(curve("50,0 82,5 100,18 94,30 72,40 50,43 28,40 6,30 0,18 18,5"), "50,41 60,47 40,47")
    plot.fill(curve("24,10 38,6 34,14 22,22 16,20"), WHITE if not plot.is_pale else plot.edge)


def _box(plot: Plot, second: float) -> None:
    plot.body("18,0 100,0 100,76 82,100 0,100 0,22")
    plot.fill("18,0 100,0 82,22 0,22", plot.pale)
    plot.fill("100,0 100,76 82,100 82,22", plot.edge)
    plot.line("0,22 82,22 100,0", plot.edge, 2)
    plot.line("82,22 82,100", plot.edge, 2)
    tape = (150, 116, 72) if plot.is_pale else (226, 206, 160)
    plot.fill("51,0 66,0 48,22 48,46 33,46 33,22", tape)
    plot.fill(panel(8, 78, 30, 90), plot.trim)
    plot.line("12,84 26,84", plot.edge, 2)


def _suitcase(plot: Plot, second: float) -> None:
    plot.line("34,22 34,3 66,3 66,22", IRON, 7)
    for x in (16, 84):
        plot.disc(x, 94, 6, INK)
    plot.body(panel(0, 16, 100, 93, 10, 10))
    for x in (18, 74):
        plot.fill(panel(x, 17, x + 8, 92), plot.edge)
        plot.fill(panel(x - 1, 44, x + 9, 54), GOLD)
    plot.line("1,34 99,34", plot.edge, 2.5)
    plot.fill("40,58 58,52 62,66 44,72", plot.trim)


def _cake(plot: Plot, second: float) -> None:
    plot.fill(oval(50, 95, 50, 5), STEEL)
    for x in (30, 50, 70):
        plot.line([(x, 14), (x, 36)], (90, 150, 220), 5)
        lick = swing(second, 2.5, 1.5, x / 40)
        plot.fill([(x + lick, 0), (x + 4, 10), (x, 15), (x - 4, 10)], (255, 170, 40))
    plot.body(panel(6, 58, 94, 95, 6, 6), panel(20, 30, 80, 64, 6, 6))
    icing = WHITE if not plot.is_pale else (236, 170, 190)
    plot.fill("20,32 80,32 80,39 74,43 68,38 60,43 52,38 44,43 36,38 28,43 20,39", icing)
    plot.fill("6,62 94,62 94,68 86,73 78,67 68,73 58,67 46,73 36,67 26,73 16,67 6,69", icing)
    for x in (16, 39, 62, 85):
        plot.disc(x, 85, 3, icing)


HELD: MappingProxyType[str, Draw] = MappingProxyType(
    {
        "ball": _ball,
        "bag": _bag,
        "umbrella": _umbrella,
        "book": _book,
        "glass": _glass,
        "cup": _cup,
        "phone": _phone,
        "guitar": _guitar,
        "camera": _camera,
        "flower": _flower,
        "balloon": _balloon,
        "box": _box,
        "suitcase": _suitcase,
        "cake": _cake,
    }
)
