"""What a node says of every row: does it hold, how well, and why. Knows no kind of node."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.hits import Why

Mask = NDArray[np.bool_]
Scores = NDArray[np.float64]
Counts = NDArray[np.uint8]


def no_evidence(row: int) -> Mapping[str, object]:
    """Nothing to show at any row."""
    return {}


def no_children(row: int) -> Sequence[Why]:
    """A leaf has no children."""
    return ()


@dataclass(frozen=True, eq=False)
class Outcome:
    """Four arrays over the n rows of a generation, side by side, and what explains one row.

    Scores are float64, so that what is computed again from `why` equals them.
    """

    kind: str
    mask: Mask  # (n,) the node holds
    score: Scores | None  # (n,) in [0, 1], 0 where it does not hold or is unknown; None: a filter
    known: Mask  # (n,) the collection has something to say
    at: Counts  # (n,) how many leaves have their evidence at this row; 0 where it does not hold
    evidence: Callable[[int], Mapping[str, object]] = no_evidence  # of one row
    children: Callable[[int], Sequence[Why]] = no_children  # of one row

    def explain(self, row: int, **also: object) -> Why:
        """The reason at one row, with further fields if asked."""
        return Why.model_validate(
            {
                **self.evidence(row),
                **also,
                "kind": self.kind,
                "score": None if self.score is None else float(self.score[row]),
                "match": bool(self.mask[row]),
                "known": bool(self.known[row]),
                "children": tuple(self.children(row)),
            }
        )
