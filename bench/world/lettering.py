"""Where words stand: boards on the stage, captions and titles over the picture.

Widths are estimated from the letters, not taken from a font, so that the truth is the same with
every release of the font's library. Knows nothing of drawing.
"""

from dataclasses import dataclass

from bench.world.plan import HEIGHT, WIDTH, ShotPlan, Sign

CAPTION_PX, TITLE_PX = 9.0, 15.0  # height of capital letters
CAPITAL = 0.72  # how high a capital is in the height of a sign's letters, from f to g
LINE = 1.7  # from one line to the next, in heights of capitals
MARGIN = 0.6  # around the letters, in their height
BOTTOM_PX = 8.0  # below a caption
WIDEST_PX = WIDTH - 40.0


@dataclass(frozen=True)
class Lines:
    """Words over the picture: their lines, the letters' height, the box around them, in px."""

    lines: tuple[str, ...]
    letter_px: float
    box: tuple[float, float, float, float]

    def middle(self, number: int) -> tuple[float, float]:
        """The middle of a line."""
        x0, y0, x1, _ = self.box
        return (x0 + x1) / 2, y0 + self.letter_px * (MARGIN + 0.5 + LINE * number)


def join_captions(shot: ShotPlan) -> str:
    """What the captions of a shot say; empty without one."""
    signs = (sign for picture in shot.pictures for sign in picture.signs)
    return " ".join(sign.text for sign in signs if sign.kind == "caption")


def lay_caption(words: str) -> Lines:
    """A caption at the bottom of the picture."""
    lines = _wrap(words, CAPTION_PX)
    height = _find_height(len(lines), CAPTION_PX)
    return _centre(lines, CAPTION_PX, HEIGHT - BOTTOM_PX - height)


def lay_title(words: str) -> Lines:
    """A title in the middle of the picture."""
    lines = _wrap(words, TITLE_PX)
    return _centre(lines, TITLE_PX, (HEIGHT - _find_height(len(lines), TITLE_PX)) / 2)


def find_board(sign: Sign) -> tuple[float, float, float, float]:
    """The board of a sign in metres of the stage; its letters stand in its middle."""
    high = CAPITAL * sign.height
    half_width = (find_width(sign.text) / 2 + MARGIN) * high
    half_height = (0.5 + MARGIN) * high
    return sign.x - half_width, sign.y - half_height, sign.x + half_width, sign.y + half_height


def find_width(words: str) -> float:
    """How wide a line is at most, in heights of its capitals."""
    return sum(_measure(letter) for letter in words)


def _measure(letter: str) -> float:
    if letter in "il.,:;'!| jtfIJ1()-":
        return 0.5
    if letter in "mwMW@%&":
        return 1.25
    return 1.0 if letter.isupper() else 0.82


def _wrap(words: str, letter_px: float) -> tuple[str, ...]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and find_width(longer) * letter_px > WIDEST_PX:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(lines)


def _find_height(lines: int, letter_px: float) -> float:
    return letter_px * (1 + 2 * MARGIN + LINE * (lines - 1))


def _centre(lines: tuple[str, ...], letter_px: float, top: float) -> Lines:
    half = (max(find_width(line) for line in lines) / 2 + MARGIN) * letter_px
    half = min(half, WIDTH / 2)
    bottom = top + _find_height(len(lines), letter_px)
    return Lines(lines, letter_px, (WIDTH / 2 - half, top, WIDTH / 2 + half, bottom))
