"""What a node says of every shot and row: does it hold, how well, and why. Knows no kind of node.

What is asked of all rows are arrays; what only listed rows need is asked of them when they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.hits import Why, assemble_whys
from search.layout import Floats, Layout, Places

Mask = NDArray[np.bool_]
Counts = NDArray[np.uint8]
Evidence = dict[str, object]  # of one row: plain values by name, a fresh one for each


@dataclass(frozen=True, eq=False)
class Score:
    """How well a node holds, in [0, 1]: 4 bytes for each row, or only for each shot.

    Where the node does not hold it means nothing, but is a number. 0 where it is unknown.
    """

    numbers: Floats  # (n,) of each row, or (s,) of each shot
    by_row: bool
    rises: Callable[[Floats], Floats] | None = None  # numbers to scores, fresh, never falling

    @cached_property
    def values(self) -> Floats:
        """The scores of all rows, or of all shots; not to be changed."""
        return self._finish(self.numbers)

    def find(self, places: Places) -> Floats:
        """(k,) of some rows."""
        return self._finish(self.numbers[places.rows if self.by_row else places.shots])

    def of_rows(self, layout: Layout) -> Floats:
        """(n,); not to be changed."""
        return self.values if self.by_row else layout.spread(self.values)

    def of_shots(self, layout: Layout) -> Floats:
        """(s,) that of the best row of each shot; fresh where scores are those of rows.

        The best of the numbers has the best of the scores: only that one is finished.
        """
        return self._finish(layout.best_of_shots(self.numbers)) if self.by_row else self.values

    def _finish(self, numbers: Floats) -> Floats:
        return numbers if self.rises is None else self.rises(numbers)


def mask_out(values: Floats, holds: Mask, by: float) -> Floats:
    """Lower the values by so much where a mask is false, in place.

    Arithmetic, as a choice by a mask costs fifty times as much where that is random.
    """
    lowered = holds.astype(np.float32)
    lowered -= 1
    lowered *= by
    values += lowered
    return values


def no_evidence(places: Places) -> list[Evidence]:
    """Nothing to show at any row."""
    return [{} for _ in range(len(places))]


def no_children(places: Places) -> Sequence[tuple[Why, ...]]:
    """A leaf has no children."""
    return [()] * len(places)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a node says of a generation of s shots and n rows.

    Its functions must not hold the `View`, which holds the outcomes: megabytes of arrays would
    wait for the garbage collector after every query.

    A node holds for a whole shot or not at all. How many leaves show their evidence right at a
    row decides between rows of a shot that score the same; 0 where the node does not hold.
    """

    kind: str
    holds: Mask | None = None  # (s,) None: for every shot
    score: Score | None = None  # None: a filter
    known: Callable[[Places], Mask] | None = None  # the collection has something to say; None: yes
    shown: Callable[[Places], Counts] | None = None  # leaves with their evidence here; None: 0
    evidence: Callable[[Places], list[Evidence]] = no_evidence
    children: Callable[[Places], Sequence[tuple[Why, ...]]] = no_children

    def find_holds(self, places: Places) -> Mask:
        """(k,) whether it holds at some rows."""
        return np.ones(len(places), bool) if self.holds is None else self.holds[places.shots]

    def find_known(self, places: Places) -> Mask:
        """(k,) whether the collection has something to say there."""
        return np.ones(len(places), bool) if self.known is None else self.known(places)

    def find_shown(self, places: Places) -> Counts:
        """(k,) how many leaves have their evidence there."""
        return np.zeros(len(places), np.uint8) if self.shown is None else self.shown(places)

    def explain(
        self,
        places: Places,
        *,
        weight: float | None = None,
        also: Sequence[Evidence] | None = None,
    ) -> list[Why]:
        """The reason at each of some rows, with their weight and further fields if asked."""
        evidence = self.evidence(places)
        if also is not None:
            evidence = [{**one, **more} for one, more in zip(evidence, also, strict=True)]
        columns = zip(
            self._list_scores(places),
            self.find_holds(places).tolist(),
            self.find_known(places).tolist(),
            self.children(places),
            strict=True,
        )
        fields = (
            {
                "kind": self.kind,
                "score": score,
                "match": match,
                "known": known,
                "weight": weight,
                "children": children,
            }
            for score, match, known, children in columns
        )
        return assemble_whys(fields, evidence)

    def _list_scores(self, places: Places) -> Sequence[float | None]:
        """0 where it does not hold."""
        if self.score is None:
            return [None] * len(places)
        scores = self.score.find(places)
        if self.holds is not None:
            scores = scores * self.holds[places.shots]
        return list(scores.tolist())
