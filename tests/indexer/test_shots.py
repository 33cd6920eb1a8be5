"""Shots of real and made videos, and the rules of each segmenter."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analyzers.error import SettingsError
from indexer.media import open_video
from indexer.segmenters import make_segmenter, segmenter_name
from indexer.segmenters.fixed import FixedSegmenter
from indexer.segmenters.given import GivenSegmenter, read_starts
from indexer.segmenters.takes import TakeSegmenter
from indexer.single_pass import Asks, PassSummary, ShotMaterial, read_video

NOTHING = np.zeros((27, 48, 3), np.uint8)
HEADER = "startframe starttime endframe endtime\n"


def read_shots(path: Path, spec: str) -> list[ShotMaterial]:
    with open_video(path) as reader:
        segmenter = make_segmenter(spec, video=path, device="cpu")
        parts = list(read_video(reader, segmenter, Asks()))
    return [part for part in parts if not isinstance(part, PassSummary)]


def starts(path: Path, spec: str) -> list[int]:
    return [shot.start_ms for shot in read_shots(path, spec)]


def at(frames: Sequence[int]) -> Any:
    """The times of frames at 30000/1001 per second, which two ways of rounding set 1 ms apart."""
    return pytest.approx([frame * 1001 / 30 for frame in frames], abs=1)


def cut(segmenter: Any, times: Sequence[int]) -> list[int]:
    told = [time for now in times for time in segmenter.push(now, NOTHING)]
    return told + list(segmenter.finish())


# ---- the material


@pytest.mark.parametrize(
    ("spec", "cuts"), [("content", (30, 180, 394)), ("adaptive", (30, 180, 394, 691))]
)
def test_the_film_of_leaves_is_cut_to_the_frame(
    material: Path, spec: str, cuts: tuple[int, ...]
) -> None:
    path = material / "videos/pyscenedetect/testvideo.mp4"
    assert starts(path, spec) == at([0, *cuts])


def test_the_countdown_is_cut_to_the_frame(material: Path) -> None:
    shots = read_shots(material / "videos/ffmpeg-python/in.mp4", "auto")
    assert [shot.start_ms for shot in shots] == at([0, 25, 50, 75, 104, 130, 155, 180])
    assert all(before.end_ms == after.start_ms for before, after in pairwise(shots))
    assert [shots[-1].end_ms] == at([209])


def test_a_video_of_five_single_pixels_is_one_shot(material: Path) -> None:
    (shot,) = read_shots(material / "videos/moviepy/test_video.mp4", "adaptive")
    assert (shot.start_ms, shot.end_ms) == (0, 5000)
    assert shot.keyframes[0].pixels().shape == (1, 1, 3)


# ---- takes


def plain_windows(times: list[int], cuts: list[int], end_ms: int) -> list[int]:
    """The rule of takes, on the whole list."""
    found = []
    for start_ms, stop_ms in pairwise([times[0], *cuts, end_ms]):
        mine = [time_ms for time_ms in times if start_ms <= time_ms < stop_ms]
        at_ms = start_ms
        while stop_ms - at_ms > 20_000:
            length_ms = 20_000 if stop_ms - at_ms >= 30_000 else (stop_ms - at_ms) // 2
            later = [time_ms for time_ms in mine if time_ms >= at_ms + length_ms]
            if not later and length_ms == 20_000:
                length_ms = (stop_ms - at_ms) // 2
                later = [time_ms for time_ms in mine if time_ms >= at_ms + length_ms]
                later = later[:1]
                found += later
                break
            if not later:
                break
            at_ms = later[0]
            found.append(at_ms)
            if length_ms != 20_000:
                break
        found += [stop_ms] if stop_ms != end_ms else []
    return found


class Scripted:
    """Tells cuts that are known from the start, each some frames late."""

    def __init__(self, times: Sequence[int], late: dict[int, int]) -> None:
        self._times = list(times)
        self._late = dict(sorted(late.items()))
        self._pushed = 0
        self.settled_ms = 0

    def push(self, time_ms: int, sample: NDArray[np.uint8]) -> list[int]:
        self._pushed += 1
        told = [number for number, late in self._late.items() if number + late < self._pushed]
        told = [number for number in self._late if told and number <= told[-1]]
        for number in told:
            del self._late[number]
        waiting = next(iter(self._late), self._pushed)
        self.settled_ms = self._times[min(waiting, self._pushed - 1)]
        return [self._times[number] for number in told]

    def finish(self) -> list[int]:
        return [self._times[number] for number in self._late]


@settings(deadline=None)
@given(st.data())
def test_takes_are_cut_by_the_rule_however_late_the_cuts_are_told(data: st.DataObject) -> None:
    steps = data.draw(
        st.lists(st.sampled_from([40, 500, 3000, 9000, 25_000]), min_size=2, max_size=60)
    )
    times = [int(time_ms) for time_ms in np.cumsum([120, *steps])]
    numbers = st.integers(1, len(times) - 1)
    late = data.draw(st.dictionaries(numbers, st.integers(0, 30), max_size=6))
    segmenter = TakeSegmenter(Scripted(times, late))
    told, settled = [], 0
    for time_ms in times:
        new = list(segmenter.push(time_ms, NOTHING))
        assert all(cut_ms >= settled for cut_ms in new)
        told += new
        settled = segmenter.settled_ms
    told += segmenter.finish()
    cuts = [times[number] for number in sorted(late)]
    assert told == plain_windows(times, cuts, times[-1] + steps[-1])


@pytest.mark.parametrize(
    ("length_s", "cuts_s"),
    [
        (20, []),
        (21, [10.5]),
        (29, [14.5]),
        (30, [20]),
        (45, [20, 32.5]),
        (50, [20, 40]),
        (65, [20, 40, 52.5]),
    ],
)
def test_long_takes_are_cut_into_windows(length_s: int, cuts_s: list[float]) -> None:
    times = range(0, length_s * 1000, 100)
    assert cut(TakeSegmenter(GivenSegmenter([])), times) == [time * 1000 for time in cuts_s]


# ---- fixed windows and given tables


def test_fixed_windows_begin_at_the_first_frame_of_each() -> None:
    times = [700, 900, 2190, 2210, 6200, 6600, 6710, 8000]
    assert cut(FixedSegmenter(1.5), times) == [2210, 6200, 6710]


def test_fixed_and_given_shots_are_not_cut_into_windows(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(HEADER + "1 0 900 90\n")
    for spec in ("fixed:60", f"given:{tmp_path}"):
        segmenter = make_segmenter(spec, video=Path("a.mp4"), device="cpu")
        assert cut(segmenter, range(0, 59_000, 1000)) == []


def test_given_shots_begin_at_the_first_frame_at_or_after_their_start() -> None:
    segmenter = GivenSegmenter([0, 1000, 1010, 1990, 2000, 9000])
    assert cut(segmenter, [40, 990, 1040, 1080, 2000, 2040]) == [1040, 2000]


def test_a_table_that_begins_a_little_late_makes_no_shot_of_the_lead_in() -> None:
    assert cut(GivenSegmenter([40, 1000], exact=False), [0, 171, 1000, 1040]) == [1000]
    assert cut(GivenSegmenter([800, 1000], exact=False), [0, 171, 800, 1000]) == [800, 1000]


def test_a_table_counts_from_the_first_frame_of_a_video_with_a_clock_of_its_own() -> None:
    frames = [7_200_000, 7_201_000, 7_202_000]
    assert cut(GivenSegmenter([0, 2000], exact=False), frames) == [7_202_000]
    assert cut(GivenSegmenter([0, 7_201_000]), frames) == [7_201_000]


def test_the_name_of_a_given_segmentation_changes_with_the_table(tmp_path: Path) -> None:
    spec, video = f"given:{tmp_path}", Path("film.mp4")
    without = segmenter_name(spec, "cpu", video)
    (tmp_path / "film.tsv").write_text(HEADER + "1 0 2 3\n")
    first = segmenter_name(spec, "cpu", video)
    (tmp_path / "film.tsv").write_text(HEADER + "1 0 2 4\n")
    assert without == spec
    assert len({without, first, segmenter_name(spec, "cpu", video)}) == 3


@pytest.mark.parametrize("name", ["film.tsv", "film.mp4.tsv"])
@pytest.mark.parametrize("gap", ["\t", "  "])
def test_a_table_is_read_by_either_name_with_tabs_or_spaces(
    tmp_path: Path, name: str, gap: str
) -> None:
    rows = [HEADER.split(), ["1", "0.0", "77", "3.08"], ["78", "3.12", "100", "4"]]
    (tmp_path / name).write_text("\n".join(gap.join(row) for row in rows) + "\n\n")
    assert read_starts(tmp_path, Path("/videos/film.mp4")) == [0, 3120]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("1 0 2 3\n", 1),
        (HEADER, 2),
        (HEADER + "1 0 2 3\n4 x 5 6\n", 3),
        (HEADER + "1 0 2\n", 2),
        (HEADER + "1 5 2 3\n", 2),
        (HEADER + "1 nan 2 3\n", 2),
        (HEADER + "1 0 2 3\n\n9 5 10 6\n4 3 8 5\n", 5),
    ],
)
def test_a_malformed_table_is_refused_by_file_and_line(
    tmp_path: Path, text: str, line: int
) -> None:
    (tmp_path / "film.tsv").write_text(text)
    with pytest.raises(SettingsError, match=rf"film\.tsv, line {line}: "):
        make_segmenter(f"given:{tmp_path}", video=Path("film.mp4"), device="cpu")


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "film.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"film\.tsv: cannot be read"):
        read_starts(tmp_path, Path("film.mp4"))


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"film\.tsv nor film\.mp4\.tsv"):
        read_starts(tmp_path, Path("film.mp4"))


# ---- names


@pytest.mark.parametrize(
    ("spec", "device", "name"),
    [
        ("auto", "cpu", "adaptive"),
        ("auto", "cuda", "transnet"),
        ("auto", "cuda:1", "transnet"),
        ("content", "cuda", "content"),
        ("fixed:5.0", "cpu", "fixed:5"),
        ("fixed:2.5", "cpu", "fixed:2.5"),
    ],
)
def test_what_is_recorded_says_what_was_used(spec: str, device: str, name: str) -> None:
    assert segmenter_name(spec, device) == name


def test_a_folder_of_tables_is_recorded_by_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert segmenter_name("given:.", "cpu") == f"given:{tmp_path}"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("adaptiv", "did you mean adaptive"),
        ("", "did you mean auto"),
        ("fixed", "give seconds"),
        ("fixed:", "give seconds"),
        ("fixed:SECONDS", "give seconds"),
        ("fixed:0", "give seconds"),
        ("fixed:nan", "give seconds"),
        ("given", "no such folder"),
        ("given:/no/where", "no such folder"),
    ],
)
def test_a_bad_choice_is_refused_in_one_line(spec: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as error:
        segmenter_name(spec, "cpu")
    assert "\n" not in str(error.value)
