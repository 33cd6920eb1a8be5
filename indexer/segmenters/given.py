r"""Shots that somebody else found: the master shot reference of V3C, or any table of its form.

`DIR/<video's stem>.tsv` (or `DIR/<video's full name>.tsv`) has the header `startframe starttime
endframe endtime` and a line for each shot, columns parted by tabs or spaces, times in seconds
(Rossetto et al., "V3C - a research video collection", 2019). Only the starts are used, so that
every moment is in a shot: a shot begins at the first frame at or after its start, the first one at
the first frame. Starts that fall on the same frame, or lie behind the video's end, make one shot or
none. The first start is the video's first frame if it lies within half a second of it. Times count
from the first frame where a video's own clock begins at a second or later (broadcast recordings).
"""

import math
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzers.error import SettingsError

LEAD_IN_MS = 500  # a first shot that is told to start so much later starts at the first frame
LATE_MS = 1000  # a video whose first frame is later has a clock of its own
COLUMNS = ["startframe", "starttime", "endframe", "endtime"]


class GivenSegmenter:
    """A new shot at the first frame at or after each given time."""

    def __init__(self, starts_ms: Sequence[int], *, exact: bool = True) -> None:
        """Take the starts of the shots, ascending.

        `exact`: they are times of the video itself; else of somebody's table, which may count from
        the first frame and may begin a little after it.
        """
        self._starts = deque(starts_ms)
        self._exact = exact
        self._begun = False
        self.settled_ms = 0

    def push(self, time_ms: int, sample: NDArray[np.uint8]) -> Sequence[int]:
        """Take the next frame's time."""
        if not self._begun and not self._exact:
            self._fit(time_ms)
        is_start = False
        while self._starts and self._starts[0] <= time_ms:
            self._starts.popleft()
            is_start = self._begun
        self._begun = True
        self.settled_ms = self._starts[0] if self._starts else 1 << 62
        return (time_ms,) if is_start else ()

    def _fit(self, first_ms: int) -> None:
        if first_ms >= LATE_MS:
            self._starts = deque(start + first_ms for start in self._starts)
        if self._starts and abs(self._starts[0] - first_ms) <= LEAD_IN_MS:
            self._starts.popleft()

    def finish(self) -> Sequence[int]:
        """Nothing is left to say."""
        return ()


def read_starts(folder: Path, video: Path) -> list[int]:
    """The starts of a video's shots, in ms.

    Raises:
        SettingsError: there is no table for the video, or it is malformed; names file and line.
    """
    table = find_table(folder, video)
    try:
        lines = table.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{table}: cannot be read: {error}") from error
    if not lines or lines[0].lower().split() != COLUMNS:
        raise SettingsError(f"{table}, line 1: the header must be {' '.join(COLUMNS)}")
    rows = [(number, line.split()) for number, line in enumerate(lines[1:], 2) if line.strip()]
    if not rows:
        raise SettingsError(f"{table}, line 2: there is no shot")
    starts: list[int] = []
    for number, row in rows:
        starts.append(_read_start(table, number, row))
        if len(starts) > 1 and starts[-1] < starts[-2]:
            raise SettingsError(f"{table}, line {number}: starts before the shot above it")
    return starts


def find_table(folder: Path, video: Path) -> Path:
    """The table of a video's shots.

    Raises:
        SettingsError: there is none.
    """
    names = [f"{video.stem}.tsv", f"{video.name}.tsv"]
    for name in reversed(names):
        if (folder / name).is_file():
            return folder / name
    raise SettingsError(
        f"{folder}: holds neither {names[0]} nor {names[1]}; make one, or index "
        f"{video.name} with another --shots"
    )


def _read_start(table: Path, number: int, row: list[str]) -> int:
    """The start in ms, rounded down: a frame's time may have been rounded down too."""
    try:
        start, end = float(row[1]), float(row[3])
        if len(row) == len(COLUMNS) and 0 <= start <= end < math.inf:
            return math.floor(start * 1000)
    except (ValueError, IndexError):
        pass
    raise SettingsError(
        f"{table}, line {number}: not four columns with a start and an end in seconds: "
        f"{' '.join(row)[:60]}"
    )
