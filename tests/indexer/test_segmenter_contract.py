"""What every segmenter must keep to: the specification of `indexer/segmenter.py`.

To add one: give it a row in `SEGMENTERS`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.candidates import CELL_FRAMES, FRESH, LATE
from indexer.segmenter import Segmenter
from indexer.segmenters import make_segmenter
from indexer.segmenters.takes import TakeSegmenter

SEGMENTERS = ("content", "adaptive", "transnet", "fixed:1.3", "given:DIR", "takes")
CUTS = (40, 95, 110, 150, 158, 230)  # frames at which the made pictures change
LENGTH = 290  # frames
TABLE = (
    "startframe\tstarttime\tendframe\tendtime\n1\t0.0\t31\t1.2\n32\t1.24\t75\t3\n76\t3\t300\t12\n"
)


class EveryOther:
    """A small segmenter that tells a cut at each 400th frame, seven frames late."""

    def __init__(self) -> None:
        self._times: list[int] = []
        self.settled_ms = 0

    def push(self, time_ms: int, sample: NDArray[np.uint8]) -> Sequence[int]:
        self._times.append(time_ms)
        number = len(self._times) - 1 - 7
        self.settled_ms = self._times[max(0, number + 1)]
        return (self._times[number],) if number > 0 and number % 400 == 0 else ()

    def finish(self) -> Sequence[int]:
        return ()


def pictures() -> list[NDArray[np.uint8]]:
    """Samples (90, 160, 3) of a moving texture that changes at each cut, at the last slowly."""
    random = np.random.default_rng(3)
    scenes = [
        cv2.resize(random.integers(level, level + 90, (12, 20, 3), np.uint8), (400, 240))
        for level in (150, 10, 90, 160, 0, 120, 20)
    ]
    made = []
    for number in range(LENGTH):
        scene = sum(number >= cut for cut in CUTS)
        window = np.s_[number % 60 : number % 60 + 90, number % 90 : number % 90 + 160]
        picture = scenes[scene][window]
        share = (number - CUTS[-1]) / 20
        if 0 <= share < 1:
            picture = cv2.addWeighted(picture, share, scenes[scene - 1][window], 1 - share, 0)
        made.append(np.ascontiguousarray(picture))
    return made


def times(count: int) -> list[int]:
    """Times of frames whose rate varies, late in starting."""
    steps = np.where(np.arange(count) % 7 == 3, 61, 37)
    return [200 + int(step) for step in np.cumsum(steps)]


@dataclass(frozen=True)
class Trace:
    """What a segmenter said at each push and, last, at the end."""

    times: list[int]
    told: list[list[int]]
    settled: list[int]  # after each push

    @property
    def cuts(self) -> list[int]:
        return [cut for cuts in self.told for cut in cuts]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "film.tsv").write_text(TABLE)
    return folder


def make(kind: str, tables: Path) -> Segmenter:
    if kind == "takes":
        return TakeSegmenter(EveryOther())
    spec = kind.replace("DIR", str(tables))
    return make_segmenter(spec, video=Path("film.mp4"), device="cpu")


def follow(segmenter: Segmenter, moments: list[int], shown: list[NDArray[np.uint8]]) -> Trace:
    told, settled = [], []
    for time_ms, sample in zip(moments, shown, strict=True):
        told.append(list(segmenter.push(time_ms, sample)))
        settled.append(segmenter.settled_ms)
    told.append(list(segmenter.finish()))
    return Trace(moments, told, settled)


@pytest.fixture(scope="module", params=SEGMENTERS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def trace(kind: str, tables: Path) -> Trace:
    shown = pictures()
    if kind == "takes":
        shown = shown * 6
    return follow(make(kind, tables), times(len(shown)), shown)


def test_it_finds_something(trace: Trace) -> None:
    assert trace.cuts


def test_cuts_are_times_of_frames_after_the_first(trace: Trace) -> None:
    assert set(trace.cuts) <= set(trace.times[1:])


def test_cuts_ascend(trace: Trace) -> None:
    assert all(before < after for before, after in pairwise(trace.cuts))


def test_a_cut_is_told_only_when_its_frame_was_pushed(trace: Trace) -> None:
    for now, cuts in zip(trace.times, trace.told, strict=False):
        assert all(cut <= now for cut in cuts)


def test_no_cut_is_told_before_the_time_that_was_settled(trace: Trace) -> None:
    for settled, cuts in zip(trace.settled, trace.told[1:], strict=True):
        assert all(cut >= settled for cut in cuts)


def test_the_settled_time_never_goes_back(trace: Trace) -> None:
    assert all(before <= after for before, after in pairwise(trace.settled))


def test_the_settled_time_follows_the_frames(trace: Trace, kind: str) -> None:
    behind_ms = 21_000 if kind == "takes" else 6_000
    assert all(
        now - settled < behind_ms for now, settled in zip(trace.times, trace.settled, strict=True)
    )


def test_late_cuts_leave_room_for_a_candidate_on_both_sides(trace: Trace) -> None:
    number = {time_ms: index for index, time_ms in enumerate(trace.times)}
    edges = [trace.times[0], *trace.cuts, trace.times[-1] + 37]
    number[edges[-1]] = len(trace.times)
    for now, cuts in enumerate(trace.told):
        for cut in cuts:
            at = edges.index(cut)
            sides = [(edges[at - 1], cut), (cut, edges[at + 1])]
            late = min(now, len(trace.times) - 1) - number[cut]
            if late > FRESH - 1:
                assert all(number[b] - number[a] >= 2 * CELL_FRAMES for a, b in sides)
            if late > LATE - 1:
                assert all(b - a >= 2000 for a, b in sides)


def test_the_same_frames_give_the_same_cuts(kind: str, tables: Path) -> None:
    shown = pictures()[:50]
    first, second = (follow(make(kind, tables), times(50), shown) for _ in range(2))
    assert first == second


def test_no_frame_gives_no_cut(kind: str, tables: Path) -> None:
    assert list(make(kind, tables).finish()) == []


@pytest.mark.parametrize("shape", [(90, 160, 3), (1, 1, 3)])
def test_one_frame_gives_no_cut(kind: str, tables: Path, shape: tuple[int, ...]) -> None:
    assert follow(make(kind, tables), [480], [np.zeros(shape, np.uint8)]).cuts == []


def test_a_frame_of_another_size_does_not_break_it(kind: str, tables: Path) -> None:
    shown = pictures()[:20]
    shown[10:] = [np.ascontiguousarray(picture[:60, :80]) for picture in shown[10:]]
    assert follow(make(kind, tables), times(20), shown).cuts is not None
