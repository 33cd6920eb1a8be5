"""Arithmetic between the rows, shots and videos of one generation. Knows no query."""

from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.generations.generation import RowTable, ShotTable, VideoTable
from indexer.generations.kernel import best_of_spans

Indexes = NDArray[np.int64]
Floats = NDArray[np.float32]
Value = TypeVar("Value", bound=np.generic)
EARLY_MS = 2000  # so long before its first shot a video is taken to show that shot already
WINDOWS_KEPT = 4  # kinds of windows, each 8 bytes a shot


def expand(first: Indexes, end: Indexes) -> tuple[Indexes, Indexes]:
    """All positions of half-open spans, one after the other, and the span each belongs to.

    Args:
        first: (k,) where the spans begin.
        end: (k,) where they end; a span that ends before it begins is empty.

    Returns:
        Two arrays of the spans' total length: the number of the span, and the position.
    """
    sizes = np.maximum(end - first, 0)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    before = np.cumsum(sizes) - sizes
    return owner, np.arange(len(owner)) + np.repeat(first - before, sizes)


def first_of_each(owner: Indexes, *keys: NDArray[np.generic]) -> Indexes:
    """For every owner, ascending, the place (of m) whose keys are the smallest.

    Args:
        owner: (m,).
        keys: (m,) each, the most important first; where all are equal the earliest place counts.
    """
    places = np.arange(len(owner))
    for key in keys:
        here, own = key[places], owner[places]
        begins = np.flatnonzero(np.diff(own, prepend=-1))
        least = np.minimum.reduceat(here, begins)
        places = places[here == np.repeat(least, np.diff(begins, append=len(own)))]
    return places[np.flatnonzero(np.diff(owner[places], prepend=-1))]


def find_places(values: NDArray[np.integer[Any]], wanted: NDArray[np.integer[Any]]) -> Indexes:
    """Where each wanted value (k,) stands among ascending values, -1 where it does not.

    Values of both are numbers of shots or rows, which fit into the narrower type of the two.
    """
    if not len(values):
        return np.full(len(wanted), -1)
    wanted = wanted.astype(values.dtype)  # of another type all values would be converted
    places = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    return np.where(values[places] == wanted, places, -1)


@dataclass(frozen=True, eq=False)
class Places:
    """Some rows, in any order, and the shot of each."""

    rows: Indexes  # (k,)
    shots: Indexes  # (k,)

    def __len__(self) -> int:
        return len(self.rows)


class Tables(Protocol):
    """Where videos, shots and rows are tables that point into each other, as in a generation."""

    @property
    def videos(self) -> VideoTable:
        """The videos."""

    @property
    def shots(self) -> ShotTable:
        """The shots."""

    @property
    def rows(self) -> RowTable:
        """The keyframes."""


class Within(Protocol):
    """Which shots may follow a shot; equal ones give equal windows."""

    def __hash__(self) -> int: ...

    def ends(self, videos: VideoTable, shots: ShotTable) -> Indexes:
        """(s,) the shots `i + 1` up to, not including, `ends[i]` may follow shot `i`.

        It never falls, and is at least `i + 1`.
        """


class Layout:
    """Where rows, shots and videos of one generation lie; made once, shared by all queries."""

    def __init__(self, tables: Tables) -> None:
        self.videos, self.shots, self.rows = tables.videos, tables.shots, tables.rows
        self.n, self.s = len(self.rows), len(self.shots)
        self._window_ends = lru_cache(WINDOWS_KEPT)(partial(_find_ends, self.videos, self.shots))

    @cached_property
    def _shot_of_row(self) -> Indexes:
        """(n,) in the width in which numpy looks up thrice as fast as by 32 bits."""
        return self.rows.shot.astype(np.int64)

    def spread(self, values: NDArray[Value]) -> NDArray[Value]:
        """Values of shots (s,) to their rows (n,)."""
        return values.take(self._shot_of_row)

    def best_of_shots(self, values: Floats) -> Floats:
        """(n,) to (s,): the largest value among the rows of the shot."""
        return best_of_spans(values, self.shots.first_row)

    def window_ends(self, within: Within) -> Indexes:
        """(s,) where the window of every shot ends; see Within."""
        return self._window_ends(within)

    def places_in(self, shots: Indexes) -> tuple[Indexes, Places]:
        """All rows of some shots (k,), shot by shot, and the number (of k) of each row's shot."""
        owner, rows = expand(self.shots.first_row[shots], self.shots.first_row[shots + 1])
        return owner, Places(rows, shots[owner])

    def all_places(self) -> Places:
        """Every row."""
        return Places(np.arange(self.n), self._shot_of_row)

    def shot_at(self, video: int, time_ms: int) -> int | None:
        """The shot of a video that is shown at a time; None where the video does not run.

        Shortly before the first shot begins, that is the first.
        """
        runs = self.span_of(video)
        if runs is None or not runs[0] - EARLY_MS <= time_ms < runs[1]:
            return None
        first, end = self.videos.first_shot[video], self.videos.first_shot[video + 1]
        after = np.searchsorted(self.shots.start_ms[first:end], time_ms, side="right")
        return int(first + max(after - 1, 0))

    def span_of(self, video: int) -> tuple[int, int] | None:
        """When a video begins and ends (exclusive), in ms; None without shots."""
        first, end = self.videos.first_shot[video], self.videos.first_shot[video + 1]
        if first == end:
            return None
        return int(self.shots.start_ms[first]), int(self.shots.end_ms[end - 1])

    def rows_of_shot(self, shot: int) -> Indexes:
        """The rows of one shot, in order of time."""
        return np.arange(self.shots.first_row[shot], self.shots.first_row[shot + 1])

    def shot_ids(self, shots: Indexes) -> list[str]:
        """The public names of shots (k,): `VIDEO_ID@START_MS`."""
        uids = self.videos.uid
        pairs = zip(
            self.shots.video[shots].tolist(), self.shots.start_ms[shots].tolist(), strict=True
        )
        return [f"{uids[video]}@{start_ms}" for video, start_ms in pairs]


class Excerpt(Layout):
    """Some shots of a layout with all their rows, numbered anew in the same order.

    What follows a shot is what follows it in the whole, as far as it is here.

    Args:
        whole: where the shots come from.
        shots: (k,) their numbers there, ascending.
    """

    def __init__(self, whole: Layout, shots: Indexes) -> None:
        owner, places = whole.places_in(shots)
        sizes = whole.shots.first_row[shots + 1] - whole.shots.first_row[shots]
        self.whole, self.shot_numbers, self.row_numbers = whole, shots, places.rows
        super().__init__(_Part(whole, shots, places.rows, owner, np.append(0, np.cumsum(sizes))))

    def window_ends(self, within: Within) -> Indexes:
        """(k,) the same windows, in the numbers of here."""
        ends = self.whole.window_ends(within)[self.shot_numbers]
        return np.maximum(np.searchsorted(self.shot_numbers, ends), np.arange(1, self.s + 1))

    def numbers_of(self, places: Places) -> Places:
        """The same places, by their numbers in the whole."""
        return Places(self.row_numbers[places.rows], self.shot_numbers[places.shots])


class _Part:
    """The tables of an excerpt; its videos are those of the whole."""

    def __init__(
        self, whole: Layout, shots: Indexes, rows: Indexes, owner: Indexes, first_row: Indexes
    ) -> None:
        table = whole.shots
        self.videos = whole.videos
        self.shots = ShotTable(
            table.video[shots],
            table.number[shots],
            table.start_ms[shots],
            table.end_ms[shots],
            first_row,
        )
        self.rows = RowTable(
            self.shots.video[owner], owner.astype(np.int32), whole.rows.time_ms[rows]
        )


def _find_ends(videos: VideoTable, shots: ShotTable, within: Within) -> Indexes:
    return within.ends(videos, shots)
