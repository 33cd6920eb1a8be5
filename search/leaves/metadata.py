"""Leaf: facts of the video, the time in it, and numbers that analyzers measured.

Knows no analyzer: any name that is no field is that of a Measure.
"""

import difflib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from search.comparison import Comparator, compare, compare_span
from search.dates import read_date, write_date
from search.error import QueryInvalid
from search.layout import Indexes, Places, expand, first_of_each
from search.node import LONGEST_NAME, Node
from search.outcome import Counts, Evidence, Mask, Outcome
from search.videos import find_videos

if TYPE_CHECKING:
    from indexer.generations.columns import MeasureShots
    from search.hits import Why
    from search.view import View

# Columns of the video table that are compared as numbers.
NUMBERS = {
    "duration": "duration_ms",
    "width": "width",
    "height": "height",
    "size": "size_bytes",
}
LARGEST = 10**18  # larger numbers do not fit the columns
FIELDS = ("video", "time", "date", *NUMBERS)


class MetadataLeaf(Node):
    """Keeps shots by a fact.

    `video` (id, name or path), `time` in the video and `duration` of the video (ms), `date`
    ("2024", "2024-05" or "2024-05-01": the whole of it, UTC), `width` and `height` (px), `size`
    (bytes); any other field is the name of a Measure, of which one value in the shot must do.
    A shot is at a `time` if any of its moments is.
    """

    kind: Literal["metadata"] = "metadata"
    field: str = Field(min_length=1, max_length=200)
    op: Comparator = "="
    value: int | float | str

    @model_validator(mode="after")
    def _fits(self) -> Self:
        size = len(self.value) if isinstance(self.value, str) else abs(self.value)
        if size > (LONGEST_NAME if isinstance(self.value, str) else LARGEST):
            raise ValueError("value is too large: nothing in a collection is like that")
        if self.field in ("video", "date"):
            if not isinstance(self.value, str):
                raise ValueError(f"value of {self.field} must be text, not {self.value!r}")
            if self.field == "date":
                read_date(self.value)
            elif self.op != "=":
                raise ValueError(f"video is compared by = only, not {self.op}")
        elif isinstance(self.value, str):
            raise ValueError(f"value of {self.field} must be a number, not {self.value!r}")
        return self

    @property
    def filters(self) -> bool:
        """Always."""
        return True

    @property
    def scores(self) -> bool:
        """Never."""
        return False

    def evaluate(self, view: "View") -> Outcome:
        """Compares whole columns of videos, shots, or measured values."""
        if self.field == "time":
            return self._of_time(view)
        if self.field == "video":
            return self._of_video(view)
        return self._of_fact(view) if self.field in FIELDS else self._of_measure(view)

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """None: a filter."""
        return None

    def _of_time(self, view: "View") -> Outcome:
        layout, value = view.layout, float(self.value)
        start, last = layout.shots.start_ms, layout.shots.end_ms - 1
        tests: dict[Comparator, Callable[[], Mask]] = {
            "=": lambda: (start <= value) & (value < last + 1),
            "<": lambda: start < value,
            "<=": lambda: start <= value,
            ">": lambda: last > value,
            ">=": lambda: last >= value,
        }
        holds = tests[self.op]()

        def shown(places: Places) -> Counts:
            now = compare(layout.rows.time_ms[places.rows], self.op, value)
            return (holds[places.shots] & now).astype(np.uint8)

        def evidence(places: Places) -> list[Evidence]:
            spans = zip(start[places.shots].tolist(), last[places.shots].tolist(), strict=True)
            return [
                {"asked": self._asked, "start_ms": first, "end_ms": end + 1} for first, end in spans
            ]

        return Outcome(self.kind, holds, shown=shown, evidence=evidence)

    def _of_video(self, view: "View") -> Outcome:
        videos = view.layout.videos
        chosen = np.zeros(len(videos), bool)
        chosen[find_videos(videos, str(self.value))] = True
        return self._of_videos(view, chosen, lambda video: videos.name[video])

    def _of_fact(self, view: "View") -> Outcome:
        videos = view.layout.videos
        if self.field == "date":
            holds = compare_span(videos.date_ms, self.op, *read_date(str(self.value)))
            return self._of_videos(
                view, holds, lambda video: write_date(int(videos.date_ms[video]))
            )
        values = getattr(videos, NUMBERS[self.field])
        holds = compare(values, self.op, float(self.value))
        return self._of_videos(view, holds, lambda video: int(values[video]))

    def _of_videos(self, view: "View", chosen: Mask, tell: Callable[[int], object]) -> Outcome:
        """What holds for whole videos (v,), and what is found of each."""
        video = view.layout.shots.video

        def evidence(places: Places) -> list[Evidence]:
            return [
                {"asked": self._asked, "found": tell(one)} for one in video[places.shots].tolist()
            ]

        return Outcome(self.kind, chosen[video], evidence=evidence)

    def _of_measure(self, view: "View") -> Outcome:
        layout, names = view.layout, [one.name for one in view.generation.measures.names()]
        if self.field not in names:
            near = difflib.get_close_matches(self.field, [*FIELDS, *names], 1, 0.0)[0]
            raise QueryInvalid(f"field: there is no {self.field} to filter by; nearest: {near}")
        found = view.generation.measures.find(self.field)
        does = compare(found.values, self.op, float(self.value))
        holds, measured = np.zeros(layout.s, bool), np.zeros(layout.s, bool)
        holds[found.shots[does]] = True
        measured[found.shots] = True

        def evidence(places: Places) -> list[Evidence]:
            values = _best_values(found, does, places.shots)
            return [{"asked": self._asked, "found": value} for value in values]

        return Outcome(
            self.kind, holds, known=lambda places: measured[places.shots], evidence=evidence
        )

    @property
    def _asked(self) -> str:
        return f"{self.field} {self.op} {self.value}"


def _best_values(found: "MeasureShots", does: Mask, shots: Indexes) -> list[float | None]:
    """For each shot (k,) the first value that does, else its first; None without one."""
    first = np.searchsorted(found.shots, shots)
    owner, pairs = expand(first, np.searchsorted(found.shots, shots, side="right"))
    best: list[float | None] = [None] * len(shots)
    for place in first_of_each(owner, ~does[pairs]).tolist():
        best[owner[place]] = float(found.values[pairs[place]])
    return best
