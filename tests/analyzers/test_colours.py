"""Named colours: by plain colours, made pictures and real videos."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from analyzers.clip import Clip, Picture
from analyzers.colours import GRID, NAMES, ColoursAnalyzer, count_cells, name_colours
from analyzers.finding import Label

GREY_LEVELS = {0: "black", 30: "black", 90: "grey", 128: "grey", 200: "grey", 235: "white"}
PLAIN = {
    "#d62828": "red", "#8b0000": "red", "#ff0000": "red", "#ff7f00": "orange",
    "#ffa500": "orange", "#ffd700": "yellow", "#ffff00": "yellow", "#fff176": "yellow",
    "#00ff00": "green", "#228b22": "green", "#556b2f": "green", "#2e8b57": "green",
    "#00ffff": "blue", "#87ceeb": "blue", "#0000ff": "blue", "#000080": "blue",
    "#4169e1": "blue", "#800080": "purple", "#8a2be2": "purple", "#9370db": "purple",
    "#ff69b4": "pink", "#ffc0cb": "pink", "#fa8072": "pink", "#8b4513": "brown",
    "#5c4033": "brown", "#a0703c": "brown", "#d2b48c": "brown", "#fffaf0": "white",
}  # fmt: skip


def analyze(*pixels: NDArray[np.uint8]) -> list[list[Label]]:
    """What is found in pictures of 100 ms each, in one clip a picture."""
    clips = [Clip(0, 100, keyframes=(Picture(50, 0, 100, picture),)) for picture in pixels]
    found = ColoursAnalyzer().analyze(clips)
    return [[label for label in labels if isinstance(label, Label)] for labels in found]


def areas(labels: Sequence[Label]) -> dict[str, float]:
    return {label.name: label.score for label in labels if label.box is None}


def plain(colour: Sequence[int], size: tuple[int, int] = (72, 96)) -> NDArray[np.uint8]:
    return np.full((*size, 3), colour, dtype=np.uint8)


@pytest.mark.parametrize(("code", "name"), PLAIN.items())
def test_a_plain_colour_has_its_everyday_name(code: str, name: str) -> None:
    colour = bytes.fromhex(code[1:])
    labels = analyze(plain(list(colour)))[0]
    assert areas(labels) == {name: 1.0}
    assert sum(label.box is not None for label in labels) == GRID * GRID


@pytest.mark.parametrize(("level", "name"), GREY_LEVELS.items())
def test_greys_are_black_grey_or_white(level: int, name: str) -> None:
    assert areas(analyze(plain([level] * 3))[0]) == {name: 1.0}


def test_all_eleven_names_can_be_given() -> None:
    steps = np.linspace(0, 255, 18)
    colours = np.stack(np.meshgrid(steps, steps, steps), -1)
    assert set(name_colours(colours).ravel().tolist()) == set(range(len(NAMES)))


def test_areas_are_shares_of_the_picture_and_tiny_ones_are_not_told() -> None:
    picture = plain([255, 255, 255], (100, 100))
    picture[:40] = (200, 20, 30)
    picture[96:, :50] = (20, 40, 220)  # 2 %
    found = areas(analyze(picture)[0])
    assert found == {"white": pytest.approx(0.58), "red": pytest.approx(0.4)}
    assert list(found) == ["white", "red"]  # the largest first


def test_cells_carry_their_dominant_colour_and_box() -> None:
    picture = plain([255, 255, 255], (90, 90))
    picture[:30, 60:] = (20, 140, 40)
    picture[30:60, 30:45] = (10, 10, 10)  # half of the cell in the middle
    picture[60:, :10] = (200, 20, 30)
    picture[60:, 10:20] = (20, 40, 220)  # three thirds: none dominates
    labels = analyze(picture)[0]
    cells = {label.box: (label.name, label.score) for label in labels if label.box}
    third = 1 / 3
    assert cells[(2 * third, 0.0, 1.0, third)] == ("green", 1.0)
    assert cells[(third, third, 2 * third, 2 * third)][1] == 0.5
    assert (0.0, 2 * third, third, 1.0) not in cells
    assert len(cells) == 8


def test_findings_carry_the_span_of_their_keyframe() -> None:
    white, red = plain([255] * 3), plain([220, 20, 20])
    clip = Clip(0, 900, keyframes=(Picture(100, 0, 400, white), Picture(600, 400, 900, red)))
    found = [f for f in ColoursAnalyzer().analyze([clip])[0] if isinstance(f, Label)]
    assert {(f.start_ms, f.end_ms, f.name) for f in found} == {(0, 400, "white"), (400, 900, "red")}
    assert all(f.vocabulary == "colour" for f in found)


def test_large_and_odd_pictures_are_measured_like_small_ones() -> None:
    picture = plain([255] * 3, (721, 1279))
    picture[:, :640] = (20, 40, 220)
    assert areas(analyze(picture)[0])["blue"] == pytest.approx(0.5, abs=0.01)
    for size in ((1, 1), (1, 300), (2000, 2)):
        labels = analyze(plain([255] * 3, size))[0]
        assert [label.name for label in labels] == ["white"] * 10


@settings(max_examples=40, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3))))
def test_counting_agrees_with_a_plain_loop(pixels: NDArray[np.uint8]) -> None:
    table = ColoursAnalyzer()._table
    height, width = pixels.shape[:2]
    slow = np.zeros((GRID, GRID, len(NAMES)), dtype=np.int64)
    for y, x in np.ndindex(height, width):
        red, green, blue = (int(value) // 8 for value in pixels[y, x])
        slow[y * GRID // height, x * GRID // width, table[red, green, blue]] += 1
    assert (count_cells(table, pixels) == slow).all()


def keyframes(path: Path, every: int = 25) -> list[NDArray[np.uint8]]:
    """Some frames of a real video, as large as keyframes are."""
    from indexer.media import open_video

    with open_video(path) as reader:
        frames = [part for part in reader.read() if hasattr(part, "picture")]
        return [frame.picture(1280) for frame in frames[::every]]


def largest(path: Path) -> dict[str, float]:
    """The largest area of each colour in any of the frames."""
    found: dict[str, float] = {}
    for labels in analyze(*keyframes(path)):
        for name, area in areas(labels).items():
            found[name] = max(area, found.get(name, 0.0))
    return found


def test_real_videos_are_ranked_as_the_eye_ranks_them(material: Path) -> None:
    videos = material / "videos"
    cups, cars = largest(videos / "sam2/02_cups.mp4"), largest(videos / "intel/car-detection.mp4")
    nasa = largest(videos / "torchcodec/nasa_13013.mp4")
    assert cups["white"] > 0.3 > cars.get("white", 0)
    assert nasa["black"] > 0.5 > cups.get("black", 0)
    assert cups["red"] > 0.06
    assert cars["grey"] > 0.7
    assert largest(videos / "sam2/01_dog.mp4")["green"] > 0.15


def test_a_black_and_white_film_is_black_white_and_grey(material: Path) -> None:
    assert set(largest(material / "videos/moviepy/chaplin.mp4")) <= {"black", "white", "grey"}
