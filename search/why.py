"""Computes a hit's score again from its `why` alone. Knows no collection, no query."""

from collections.abc import Mapping
from typing import Any

from search.hits import Why
from search.query import KINDS


def score_from_why(why: Why | Mapping[str, Any]) -> float:
    """The score of a hit, from the evidence in its `why` (or in its JSON); 1 for a pure filter."""
    tree = why if isinstance(why, Why) else Why.model_validate(why)
    score = _score_of(tree)
    return 1.0 if score is None else score


def _score_of(why: Why) -> float | None:
    if not why.match:
        return None if why.score is None else 0.0
    return KINDS[why.kind].score_of(why, [_score_of(child) for child in why.children])
