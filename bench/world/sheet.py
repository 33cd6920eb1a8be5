"""Contact sheets: one frame of each of many shots, with its caption, for people to look at.

Knows nothing of how films are planned and drawn.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from textwrap import wrap
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from bench.world.dice import Dice
from bench.world.edition import Edition, FilmName
from bench.world.film import draw_frame
from bench.world.making import plan_film, tell
from bench.world.plan import HEIGHT, WIDTH, ShotPlan, VideoPlan
from bench.world.truth import BOX_STEP_MS, Box, ShotTruth, Track, Truth

Pixels: TypeAlias = NDArray[np.uint8]

LINE_PX, LETTERS, LINES, GAP_PX = 15, 54, 3, 8
PAPER, INK = (252, 252, 250), (30, 30, 34)
THING_EDGE, PERSON_EDGE, FACE_EDGE = (255, 0, 200), (0, 255, 255), (255, 255, 0)


@dataclass(frozen=True)
class SheetPlan:
    """Which shots of an edition a sheet shows."""

    edition: Edition
    shots: int = 20
    columns: int = 4
    boxes: bool = False
    kind: str = "expert"  # of the captions


def write_sheet(path: Path, plan: SheetPlan) -> Path:
    """Write the middle frames of some shots, each of another film if there are enough, as a PNG."""
    tiles = [_make_tile(*shown, plan) for shown in _choose(plan)]
    _arrange(tiles, plan.columns).save(path)
    return path


def picture_shot(plan: VideoPlan, shot: ShotPlan, truth: ShotTruth, *, boxes: bool) -> Image.Image:
    """A frame near the middle of a shot, one that the truth has boxes of, framed if asked for."""
    ms = (shot.end_ms - shot.start_ms) // 2 // BOX_STEP_MS * BOX_STEP_MS
    image = Image.fromarray(draw_frame(plan, shot, ms))
    if boxes:
        _frame(ImageDraw.Draw(image), truth, shot.start_ms + ms)
    return image


def _choose(plan: SheetPlan) -> Iterator[tuple[VideoPlan, Truth, int]]:
    """Shots that are no titles, spread over the films."""
    dice = Dice(plan.edition.seed, "sheet", plan.edition.name)
    films = dice.shuffle(plan.edition.films)[: plan.shots]
    each = -(-plan.shots // len(films))
    yield from islice(_choose_from(films, each, plan, dice), plan.shots)


def _choose_from(
    films: Iterable[FilmName], each: int, plan: SheetPlan, dice: Dice
) -> Iterator[tuple[VideoPlan, Truth, int]]:
    for film in films:
        video = plan_film(plan.edition, film)
        truth = tell(video)
        usual = [number for number, shot in enumerate(video.shots) if not shot.is_title]
        yield from ((video, truth, number) for number in sorted(dice.sample(usual, each)))


def _make_tile(video: VideoPlan, truth: Truth, number: int, plan: SheetPlan) -> Image.Image:
    shot = truth.shots[number]
    words = getattr(shot.captions, plan.kind) if shot.captions else ""
    tile = Image.new("RGB", (WIDTH, HEIGHT + LINES * LINE_PX + 4), PAPER)
    tile.paste(picture_shot(video, video.shots[number], shot, boxes=plan.boxes))
    pen, font = ImageDraw.Draw(tile), ImageFont.load_default(11)
    lines = wrap(f"{video.id}/{shot.id}: {words}", LETTERS)
    for line, text in enumerate(lines[:LINES]):
        pen.text((2, HEIGHT + 1 + line * LINE_PX), text, fill=INK, font=font)
    return tile


def _arrange(tiles: Sequence[Image.Image], columns: int) -> Image.Image:
    columns = max(1, min(columns, len(tiles)))
    wide, high = tiles[0].width + GAP_PX, tiles[0].height + GAP_PX
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * wide + GAP_PX, rows * high + GAP_PX), PAPER)
    for number, tile in enumerate(tiles):
        place = number % columns * wide + GAP_PX, number // columns * high + GAP_PX
        sheet.paste(tile, place)
    return sheet


def _frame(pen: ImageDraw.ImageDraw, shot: ShotTruth, ms: int) -> None:
    tracks = [(thing.track, THING_EDGE) for thing in shot.things]
    tracks += [(person.track, PERSON_EDGE) for person in shot.persons]
    tracks += [(person.face, FACE_EDGE) for person in shot.persons]
    for track, colour in tracks:
        box = _find_box(track, ms)
        if box:
            x0, y0, x1, y1 = box
            edges = (x0 * WIDTH, y0 * HEIGHT, x1 * WIDTH - 1, y1 * HEIGHT - 1)
            pen.rectangle(edges, outline=colour)


def _find_box(track: Track, ms: int) -> Box | None:
    return dict(zip(track.times_ms, track.boxes, strict=True)).get(ms)
