"""The films of the demonstration: what is drawn in each of their shots.

Each shot is a function of the seconds since it began. Knows nothing of files, of coding, of search.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sin

import numpy as np
from numpy.typing import NDArray

from analyzers.clip import Cue
from bench.canvas import HEIGHT, WIDTH, Canvas, Colour

FPS = 25

RED, CREAM, WHITE, BLACK = (214, 32, 40), (250, 240, 216), (255, 255, 255), (16, 16, 24)
SKY, PALE, GRASS, LEAF = (64, 146, 230), (190, 224, 250), (88, 172, 62), (52, 128, 48)
SUN, WOOD, PURPLE, NIGHT = (255, 214, 40), (146, 98, 56), (132, 48, 190), (14, 18, 46)


@dataclass(frozen=True)
class FilmShot:
    """One shot: how long, and how a frame of it is drawn."""

    seconds: float
    draw: Callable[[float], Canvas]


@dataclass(frozen=True)
class Film:
    """A film: its file's name without suffix, its title, its shots, its subtitles."""

    name: str
    title: str
    shots: tuple[FilmShot, ...]
    cues: tuple[Cue, ...] = ()

    @property
    def cuts_ms(self) -> tuple[int, ...]:
        """When each shot but the first begins."""
        ends = np.cumsum([shot.seconds for shot in self.shots])
        return tuple(round(float(end) * 1000) for end in ends[:-1])

    def frames(self) -> Iterator[NDArray[np.uint8]]:
        """Every frame, (h, w, 3) RGB, `FPS` a second."""
        for shot in self.shots:
            for number in range(round(shot.seconds * FPS)):
                yield shot.draw(number / FPS).pixels()


def _balloon(canvas: Canvas, x: float, y: float, radius: int, colour: Colour = RED) -> None:
    tall = round(radius * 1.2)
    string = [(x + 3 * sin(step / 2 + y / 20), y + tall + step * radius / 8) for step in range(12)]
    canvas.line(string, (90, 70, 70), 1.2)
    knot = [(x, y + tall - 3), (x - radius / 7, y + tall + 5), (x + radius / 7, y + tall + 5)]
    canvas.shape(knot, colour)
    canvas.ball(x, y, radius, tall, colour)


def _board(canvas: Canvas, x: float, y: float, words: str, size: int) -> None:
    """A wooden sign on two posts, centred at a point."""
    width, height = size * 0.66 * len(words) + size, size * 2.0
    for post in (x - width / 3, x + width / 3):
        canvas.box((post - 5, y), 10, HEIGHT, (104, 66, 36))
    corner = (x - width / 2, y - height / 2)
    canvas.box((corner[0] - 4, corner[1] - 4), width + 8, height + 8, (104, 66, 36), radius=8)
    canvas.box(corner, width, height, CREAM, radius=6)
    canvas.text(x, y, words, size, (70, 36, 16))


def _title_card(second: float) -> Canvas:
    canvas = Canvas(CREAM, (240, 222, 186))
    canvas.line([(120, 246), (120 + min(400, 300 * second), 246)], RED, 3)
    canvas.text(320, 205, "THE RED BALLOON", 44, (120, 20, 28))
    canvas.text(320, 276, "a very short film", 22, (120, 84, 60))
    _balloon(canvas, 320 + 5 * sin(2 * second), 92 - 3 * second, 34)
    return canvas


def _balloon_rises(second: float) -> Canvas:
    canvas = Canvas(SKY, PALE)
    for x, y, size in ((110, 70, 54), (420, 50, 70), (590, 120, 46)):
        canvas.cloud(x + 9 * second, y, size, WHITE)
    canvas.hills(286, 14, 90, LEAF)
    canvas.hills(312, 10, 60, GRASS)
    _board(canvas, 480, 262, "BALLOON RIDES", 22)
    _balloon(canvas, 220 + 16 * sin(1.4 * second), 250 - 42 * second, 52)
    return canvas


def _balloon_near(second: float) -> Canvas:
    canvas = Canvas((84, 160, 236), PALE)
    canvas.cloud(90 + 12 * second, 300, 80, WHITE)
    _balloon(canvas, 320 + 10 * sin(2 * second), 176 + 6 * sin(1.5 * second), 205)
    return canvas


def _sunset(second: float) -> Canvas:
    canvas = Canvas((244, 120, 36), (255, 206, 92))
    canvas.disc(430, 206 + 6 * second, 58, (255, 240, 170))
    canvas.box((0, 250), WIDTH, 110, (176, 74, 34))
    for row in range(9):
        width = 150 - 12 * row + 10 * sin(3 * second + row)
        canvas.line(
            [(430 - width / 2, 258 + 11 * row), (430 + width / 2, 258 + 11 * row)],
            (255, 190, 92),
            3,
        )
    _balloon(canvas, 170 + 22 * second, 130 - 12 * second, 22, (120, 20, 26))
    return canvas


def _white_house(second: float) -> Canvas:
    canvas = Canvas((120, 190, 246), (214, 238, 252))
    canvas.disc(548, 66, 44 + 1.5 * sin(3 * second), SUN)
    canvas.cloud(150 + 8 * second, 70, 56, WHITE)
    canvas.hills(220, 16, 100, (70, 150, 56))
    canvas.hills(252, 12, 70, GRASS)
    canvas.box((236, 160), 150, 110, (250, 250, 246))
    canvas.shape([(222, 164), (311, 104), (400, 164)], (196, 84, 54))
    canvas.box((296, 214), 34, 56, WOOD, radius=3)
    for x in (254.0, 346.0):
        canvas.box((x, 186), 26, 26, (120, 170, 210), radius=2)
    for puff in range(4):
        age = (second / 2 + puff / 4) % 1
        canvas.disc(364 + 30 * age, 112 - 60 * age, 5 + 9 * age, (232, 236, 240))
    for flower in range(26):
        x, y = flower * 97 % 630 + 5, 286 + flower * 37 % 66
        canvas.disc(x + 2 * sin(2 * second + flower), y, 3.5, (SUN, WHITE, RED)[flower % 3])
    return canvas


def _honey(second: float) -> Canvas:
    canvas = Canvas((150, 210, 96), (74, 158, 52))
    for blade in range(64):
        x = blade * 10.0 + 4
        lean = 9 * sin(1.8 * second + blade / 5)
        canvas.shape([(x - 5, 360), (x + lean, 270 + blade * 29 % 40), (x + 5, 360)], LEAF)
    _board(canvas, 320, 150, "FRESH HONEY", 46)
    for bee in range(3):
        x, y = 90 + (150 * bee + 90 * second) % 480, 66 + 14 * bee + 16 * sin(4 * second + bee)
        canvas.oval(x - 3, y - 9, 6, 8, (236, 244, 250))
        canvas.oval(x, y, 13, 8, SUN)
        for stripe in (-4, 3):
            canvas.line([(x + stripe, y - 7), (x + stripe, y + 7)], BLACK, 3)
    return canvas


def _lavender(second: float) -> Canvas:
    canvas = Canvas((206, 176, 236), (246, 222, 240))
    canvas.hills(128, 12, 80, (150, 112, 190))
    canvas.box((0, 150), WIDTH, 210, (104, 62, 150))
    for row in range(-9, 10):
        foot = 320 + row * 150 + 12 * second
        near, far = 34.0, 3.0
        top = 320 + row * 20 + 2 * second
        points = [(top - far, 150), (top + far, 150), (foot + near, 360), (foot - near, 360)]
        canvas.shape(points, (146, 72, 200))
    for number in range(70):
        depth = (number * 0.618) % 1
        x = (number * 83 + 20 * second * depth) % WIDTH
        canvas.disc(x, 158 + 196 * depth**1.5, 2 + 5 * depth, (178, 112, 228))
    return canvas


def _skyline(second: float) -> Canvas:
    canvas = Canvas(NIGHT, (48, 52, 104))
    for star in range(60):
        glow = 150 + round(80 * sin(2 * second + star))
        canvas.disc(star * 131 % WIDTH, star * 53 % 190, 1.2, (glow, glow, min(255, glow + 20)))
    canvas.disc(520 - 4 * second, 80, 34, (244, 240, 214))
    canvas.disc(506 - 4 * second, 72, 30, (22, 26, 58))
    for tower in range(10):
        x, height = tower * 66 - 6, 110 + tower * 71 % 130
        canvas.box((x, HEIGHT - height), 60, height, (20, 22, 40))
        for window in range(height // 22 * 3):
            lit = (window * 7 + tower * 5 + int(second)) % 4 != 0
            spot = (x + 8 + window % 3 * 17, HEIGHT - height + 8 + window // 3 * 22)
            canvas.box(spot, 10, 12, (250, 206, 96) if lit else (34, 36, 58))
    return canvas


def _car(canvas: Canvas, x: float, y: float, turn: float) -> None:
    """A purple car from the side; its middle at a point on the road."""
    canvas.oval(x + 150, y - 26, 60, 9, (110, 100, 84))
    canvas.shape([(x - 74, y - 56), (x - 44, y - 94), (x + 34, y - 94), (x + 74, y - 56)], PURPLE)
    canvas.shape(
        [(x - 60, y - 58), (x - 38, y - 86), (x + 28, y - 86), (x + 58, y - 58)], (176, 208, 236)
    )
    canvas.box((x - 5, y - 90), 8, 34, PURPLE)
    canvas.box((x - 118, y - 60), 236, 42, PURPLE, radius=16)
    canvas.oval(x + 112, y - 42, 8, 9, (255, 244, 190))
    canvas.box((x - 118, y - 48), 10, 14, (240, 50, 50), radius=4)
    for wheel in (x - 66, x + 68):
        canvas.disc(wheel, y - 18, 25, BLACK)
        canvas.disc(wheel, y - 18, 13, (190, 194, 204))
        dx, dy = 12 * sin(turn), 12 * sin(turn + 1.57)
        canvas.line([(wheel - dx, y - 18 - dy), (wheel + dx, y - 18 + dy)], (90, 92, 104), 3)


def _night_street(second: float) -> Canvas:
    canvas = Canvas((20, 20, 52), (46, 40, 78))
    for house in range(5):
        x = house * 150 - 60 - 8 * second
        canvas.box((x, 60 + house * 47 % 50), 140, 220, (34, 32, 60))
        for window in range(6):
            warm = (250, 200, 100) if (window + house) % 3 else (60, 60, 96)
            canvas.box((x + 16 + window % 3 * 40, 130 + window // 3 * 56), 26, 34, warm)
    canvas.box((220, 44), 236, 52, (60, 12, 44), radius=10)
    glow = 255 if int(second * 5) % 7 else 190
    canvas.text(338, 70, "HOTEL LUNA", 34, (glow, 120, 190))
    canvas.box((0, 262), WIDTH, 98, (44, 44, 56))
    canvas.box((0, 262), WIDTH, 8, (96, 96, 110))
    for dash in range(9):
        canvas.box(((dash * 90 - 60 * second) % 760 - 90, 316), 46, 6, (214, 206, 170))
    _car(canvas, 60 + 110 * second, 332, 9 * second)
    return canvas


def _road(second: float) -> Canvas:
    canvas = Canvas((10, 12, 36), (60, 52, 96))
    canvas.box((0, 190), WIDTH, 170, (22, 30, 34))
    canvas.shape([(300, 190), (340, 190), (640, 360), (0, 360)], (52, 52, 62))
    for dash in range(6):
        near = ((dash / 6 + 0.6 * second) % 1) ** 2
        far = near + 0.06 + 0.1 * near
        points = [
            (320 + side * 12 * at, 190 + 170 * at)
            for side, at in ((-1, near), (1, near), (1, far), (-1, far))
        ]
        canvas.shape(points, (236, 226, 180))
    grow = 0.75 + 0.1 * second
    x, y = 460 + 10 * second, 120 - 4 * second
    canvas.box((x - 4, y), 8, 130 * grow, (120, 124, 132))
    canvas.box((x - 110 * grow, y - 40 * grow), 220 * grow, 80 * grow, WHITE, radius=8)
    canvas.box((x - 105 * grow, y - 35 * grow), 210 * grow, 70 * grow, (0, 96, 62), radius=6)
    canvas.text(x, y, "AIRPORT 12", round(34 * grow), WHITE)
    return canvas


def _waves(canvas: Canvas, y: float, second: float, colours: tuple[Colour, ...]) -> None:
    for number, colour in enumerate(colours):
        drift = second * (26 + 12 * number) + 60 * number
        crest = [
            (float(x), y + 26 * number + 5 * sin((x + drift) / 22)) for x in range(0, WIDTH + 1, 10)
        ]
        canvas.shape([(0, HEIGHT), *crest, (WIDTH, HEIGHT)], colour)


def _sailing(second: float) -> Canvas:
    canvas = Canvas((128, 200, 244), (226, 242, 250))
    canvas.disc(96, 76, 36, (255, 232, 120))
    canvas.cloud(460 - 8 * second, 70, 62, WHITE)
    x, y = 200 + 46 * second, 232 + 4 * sin(2.4 * second)
    canvas.box((x - 3, y - 150), 6, 150, WOOD)
    canvas.shape([(x + 8, y - 146), (x + 96, y - 20), (x + 8, y - 20)], (246, 130, 24))
    canvas.shape([(x - 8, y - 130), (x - 66, y - 20), (x - 8, y - 20)], (255, 250, 236))
    canvas.shape([(x - 96, y - 8), (x + 112, y - 8), (x + 78, y + 32), (x - 70, y + 32)], WOOD)
    _waves(canvas, 246, second, ((30, 110, 190), (24, 92, 170), (18, 74, 148), (12, 58, 124)))
    return canvas


def _lighthouse(second: float) -> Canvas:
    canvas = Canvas((150, 206, 240), (238, 240, 232))
    canvas.shape([(300, 360), (352, 264), (560, 252), (640, 300), (640, 360)], (92, 84, 80))
    for band in range(5):
        top, bottom = 42 - band * 4, 46 - band * 4
        y = 262 - band * 36
        colour = RED if band % 2 == 0 else (252, 250, 246)
        canvas.shape(
            [(440 - bottom, y), (440 + bottom, y), (440 + top, y - 36), (440 - top, y - 36)], colour
        )
    canvas.box((412, 52), 56, 32, SUN if int(second * 2) % 2 else (255, 244, 190))
    canvas.shape([(404, 52), (440, 22), (476, 52)], (60, 62, 74))
    for gull in range(4):
        x, y = 60 + gull * 70 + 26 * second, 90 + gull * 33 % 60
        wing = 9 * sin(6 * second + gull)
        canvas.line([(x - 18, y - wing), (x, y), (x + 18, y - wing)], (70, 76, 90), 3)
    _waves(canvas, 300, second, ((40, 120, 186), (28, 96, 160)))
    return canvas


def _under_water(second: float) -> Canvas:
    canvas = Canvas((40, 176, 186), (6, 62, 104))
    for weed in range(9):
        x = weed * 76.0 + 20
        stem = [
            (x + step * sin(1.6 * second + weed + step / 3) * 1.4, 360 - step * 13)
            for step in range(9)
        ]
        canvas.line(stem, (22, 110, 74), 7)
    for fish in range(6):
        x = (fish * 127 + (40 + 9 * fish) * second) % 760 - 60
        y, size = 70.0 + fish * 89 % 220, 0.8 + fish % 3 * 0.25
        canvas.shape(
            [(x - 22 * size, y), (x - 46 * size, y - 17 * size), (x - 46 * size, y + 17 * size)],
            (236, 170, 20),
        )
        canvas.oval(x, y, 30 * size, 17 * size, (255, 210, 40))
        canvas.disc(x + 16 * size, y - 4 * size, 3.4 * size, BLACK)
    for bubble in range(14):
        y = 360 - (bubble * 61 + 60 * second) % 380
        canvas.disc(bubble * 47 % WIDTH + 5 * sin(y / 20), y, 3 + bubble % 4, (170, 226, 232))
    return canvas


FILMS = (
    Film(
        "balloon",
        "The Red Balloon",
        (
            FilmShot(3.0, _title_card),
            FilmShot(4.4, _balloon_rises),
            FilmShot(3.6, _balloon_near),
            FilmShot(4.0, _sunset),
        ),
    ),
    Film(
        "meadow",
        "A Day in the Meadow",
        (
            FilmShot(4.4, _white_house),
            FilmShot(4.0, _honey),
            FilmShot(4.0, _lavender),
        ),
    ),
    Film(
        "night_drive",
        "Night Drive",
        (
            FilmShot(3.6, _skyline),
            FilmShot(4.4, _night_street),
            FilmShot(4.0, _road),
        ),
    ),
    Film(
        "harbour",
        "Morning in the Harbour",
        (
            FilmShot(4.4, _sailing),
            FilmShot(4.0, _lighthouse),
            FilmShot(4.4, _under_water),
        ),
        cues=(
            Cue(400, 3800, "Good morning, captain. The wind is fair."),
            Cue(4800, 8000, "There is the lighthouse."),
            Cue(8800, 12400, "Look at all these yellow fish!"),
        ),
    ),
)
