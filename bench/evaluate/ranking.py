"""Figures of ranked lists: where the first right one stands, and how all right ones stand.

A rank counts from 1; `inf` is the rank of what was not found. Equal scores are counted against the
engine: wrong ones come before right ones. Knows nothing of videos and of who ranked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class KnownItemFigures:
    """How well single targets were found."""

    n: int
    recall_1: float
    recall_10: float
    recall_100: float
    median_rank: float
    mrr: float

    def to_json(self) -> dict[str, Any]:
        """One object; `median_rank` is null where most targets were not found."""
        return {
            "n": self.n,
            "recall@1": self.recall_1,
            "recall@10": self.recall_10,
            "recall@100": self.recall_100,
            "median_rank": self.median_rank if np.isfinite(self.median_rank) else None,
            "mrr": self.mrr,
        }


@dataclass(frozen=True)
class AdHocFigures:
    """How well all right ones of many queries were found."""

    n: int
    map: float
    recall_100: float

    def to_json(self) -> dict[str, Any]:
        """One object."""
        return {"n": self.n, "map": self.map, "recall@100": self.recall_100}


def rank_targets(scores: ArrayLike, right: ArrayLike) -> Floats:
    """The rank of the best right one of each query: 1 + the wrong ones that score no less.

    Args:
        scores: (queries, units); higher is better, NaN is lowest.
        right: (queries, units) truths; or (queries,) the number of each query's one target.

    Returns:
        (queries,) ranks; `inf` for a query with nothing right.
    """
    table, marks = _read_table(scores, right)
    best = np.where(marks, table, -np.inf).max(axis=1, initial=-np.inf)
    before = (~marks & (table >= best[:, None])).sum(axis=1)
    return np.where(marks.any(axis=1), before + 1.0, np.inf)


def rank_first(right: ArrayLike) -> float:
    """The rank of the first right one of a list of truths, best first; `inf` if there is none."""
    places = np.flatnonzero(np.asarray(right, dtype=bool))
    return float(places[0] + 1) if len(places) else float("inf")


def recall_at(ranks: ArrayLike, k: int) -> float:
    """Known-item recall@k: the share of targets with rank <= k; 0 of none."""
    return _mean(np.asarray(ranks, dtype=np.float64) <= k)


def reciprocal_ranks(ranks: ArrayLike) -> Floats:
    """1 / rank, 0 for what was not found; their mean is the MRR.

    Voorhees, "The TREC-8 question answering track report", 1999.
    """
    return 1.0 / np.asarray(ranks, dtype=np.float64)


def median_rank(ranks: ArrayLike) -> float:
    """The middle rank, the mean of the two middle ones of an even number; `inf` of none."""
    values = np.asarray(ranks, dtype=np.float64)
    return float(np.median(values)) if len(values) else float("inf")


def average_precision(right: ArrayLike, total: int) -> float:
    """The mean of the precision at each right one; those not in the list count 0.

    AP = (1 / R) * sum over i of right_i * (right ones among the first i) / i: Buckley and Voorhees,
    "Evaluating evaluation measure stability", SIGIR 2000; `map` of trec_eval.

    Args:
        right: truths in order of rank, cut off or not; each right one at most once.
        total: R, all right ones there are.

    Returns:
        0 to 1; 0 if nothing is right.
    """
    marks = np.asarray(right, dtype=bool)
    precisions = np.cumsum(marks) / np.arange(1, len(marks) + 1)
    return float(precisions[marks].sum() / total) if total else 0.0


def average_precisions(scores: ArrayLike, right: ArrayLike, depth: int | None = None) -> Floats:
    """Average precision of each query of a table of scores, cut off at `depth` if given.

    Args:
        scores: (queries, units); higher is better, NaN is lowest.
        right: (queries, units) truths.
        depth: how many of each list are looked at; TRECVID takes 1000.

    Returns:
        (queries,) 0 to 1; 0 for a query with nothing right.
    """
    table, marks = _read_table(scores, right)
    sorted_marks = np.take_along_axis(marks, _order(table, marks), axis=1)[:, :depth]
    precisions = sorted_marks.cumsum(axis=1) / np.arange(1, sorted_marks.shape[1] + 1)
    sums = np.where(sorted_marks, precisions, 0.0).sum(axis=1)
    return np.asarray(sums / np.maximum(marks.sum(axis=1), 1))


def mean_average_precision(precisions: ArrayLike) -> float:
    """MAP: the mean of the queries' average precisions; 0 of none."""
    return _mean(np.asarray(precisions, dtype=np.float64))


def recall_of_all(right: ArrayLike, total: int, k: int) -> float:
    """Ad-hoc recall@k: the share of all right ones that stand among the first k.

    Where there are more than k, the best list has k of them and reaches 1.

    Args:
        right: truths in order of rank; each right one at most once.
        total: all right ones there are.
        k: how many are looked at.
    """
    possible = min(total, k)
    return float(np.asarray(right, dtype=bool)[:k].sum() / possible) if possible else 0.0


def ndcg_at(gains: Sequence[float], all_gains: Sequence[float], k: int) -> float:
    """The discounted gain of a list beside that of the best list possible.

    DCG@k = sum over i <= k of gain_i / log2(1 + i): Järvelin and Kekäläinen, "Cumulated gain-based
    evaluation of IR techniques", TOIS 2002, with the discount of Burges et al., ICML 2005.

    Args:
        gains: of the list, best ranked first.
        all_gains: of everything that has one, in any order.
        k: how many are looked at.

    Returns:
        0 to 1; 0 if there is nothing to gain.
    """
    best = _discount(sorted(all_gains, reverse=True)[:k])
    return _discount(gains[:k]) / best if best else 0.0


def summarise_ranks(ranks: ArrayLike) -> KnownItemFigures:
    """The figures of known-item search.

    Args:
        ranks: (queries,) from 1, `inf` for what was not found.
    """
    values = np.asarray(ranks, dtype=np.float64)
    return KnownItemFigures(
        len(values),
        recall_1=recall_at(values, 1),
        recall_10=recall_at(values, 10),
        recall_100=recall_at(values, 100),
        median_rank=median_rank(values),
        mrr=_mean(reciprocal_ranks(values)),
    )


def summarise_lists(lists: Sequence[ArrayLike], totals: Sequence[int]) -> AdHocFigures:
    """The figures of ad-hoc search.

    Args:
        lists: of each query the truths in order of rank; each right one at most once.
        totals: all right ones of each query.
    """
    pairs = list(zip(lists, totals, strict=True))
    return AdHocFigures(
        len(pairs),
        _mean(np.array([average_precision(marks, total) for marks, total in pairs])),
        _mean(np.array([recall_of_all(marks, total, 100) for marks, total in pairs])),
    )


def _read_table(scores: ArrayLike, right: ArrayLike) -> tuple[Floats, Bools]:
    table = np.asarray(scores, dtype=np.float64)
    table = np.where(np.isnan(table), -np.inf, table)
    marks = np.asarray(right)
    if marks.ndim == 1:
        marks = marks[:, None] == np.arange(table.shape[1])
    if marks.shape != table.shape:
        raise ValueError(f"scores are {table.shape}, what is right is {marks.shape}")
    return table, marks.astype(bool)


def _order(table: Floats, marks: Bools) -> NDArray[np.int64]:
    return np.asarray(np.lexsort((marks, -table), axis=1), dtype=np.int64)


def _discount(gains: Sequence[float]) -> float:
    return float((np.asarray(gains) / np.log2(np.arange(2, len(gains) + 2))).sum())


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else 0.0
