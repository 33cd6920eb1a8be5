"""Leaf: facts of the video, the time in it, and numbers that analyzers measured.

Knows no analyzer: any name that is no field is that of a Measure.
"""

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from search.comparison import Comparator, compare, compare_span
from search.dates import read_date, write_date
from search.error import QueryInvalid
from search.node import LONGEST_NAME, Node
from search.outcome import Outcome
from search.videos import find_videos

if TYPE_CHECKING:
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
        tests = {
            "=": (start <= value) & (value < last + 1),
            "<": start < value,
            "<=": start <= value,
            ">": last > value,
            ">=": last >= value,
        }
        mask = layout.spread(tests[self.op])
        at = (mask & compare(layout.rows.time_ms, self.op, value)).astype(np.uint8)

        def evidence(row: int) -> dict[str, object]:
            shot = layout.rows.shot[row]
            found = {"start_ms": int(start[shot]), "end_ms": int(last[shot]) + 1}
            return {"asked": self._asked, **found}

        return Outcome(self.kind, mask, None, layout.all(), at, evidence)

    def _of_video(self, view: "View") -> Outcome:
        layout = view.layout
        chosen = np.zeros(len(layout.videos), bool)
        chosen[find_videos(layout.videos, str(self.value))] = True

        def evidence(row: int) -> dict[str, object]:
            return {"asked": self._asked, "found": layout.videos.name[layout.rows.video[row]]}

        mask = chosen[layout.rows.video]
        return Outcome(self.kind, mask, None, layout.all(), layout.nowhere(), evidence)

    def _of_fact(self, view: "View") -> Outcome:
        layout = view.layout
        if self.field == "date":
            values = layout.videos.date_ms
            holds = compare_span(values, self.op, *read_date(str(self.value)))
        else:
            values = getattr(layout.videos, NUMBERS[self.field])
            holds = compare(values, self.op, float(self.value))

        def evidence(row: int) -> dict[str, object]:
            value = int(values[layout.rows.video[row]])
            found = write_date(value) if self.field == "date" else value
            return {"asked": self._asked, "found": found}

        mask = holds[layout.rows.video]
        return Outcome(self.kind, mask, None, layout.all(), layout.nowhere(), evidence)

    def _of_measure(self, view: "View") -> Outcome:
        layout, names = view.layout, [one.name for one in view.generation.measures.names()]
        if self.field not in names:
            near = difflib.get_close_matches(self.field, [*FIELDS, *names], 1, 0.0)[0]
            raise QueryInvalid(f"field: there is no {self.field} to filter by; nearest: {near}")
        found = view.generation.measures.find(self.field)
        holds = np.zeros(len(layout.shots), bool)
        holds[found.shots[compare(found.values, self.op, float(self.value))]] = True
        measured = np.zeros(len(layout.shots), bool)
        measured[found.shots] = True

        def evidence(row: int) -> dict[str, object]:
            values = found.values[found.shots == layout.rows.shot[row]]
            best = values[np.argsort(~compare(values, self.op, float(self.value)), kind="stable")]
            return {"asked": self._asked, "found": float(best[0]) if len(best) else None}

        mask, known = layout.spread(holds), layout.spread(measured)
        return Outcome(self.kind, mask, None, known, layout.nowhere(), evidence)

    @property
    def _asked(self) -> str:
        return f"{self.field} {self.op} {self.value}"
