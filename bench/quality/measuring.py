"""Puts tasks to engines and reads the figures off. Knows no dataset."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.evaluate.hits import mark_right
from bench.evaluate.intervals import Interval, bound, bound_difference
from bench.evaluate.ranking import (
    AdHocFigures,
    KnownItemFigures,
    average_precision,
    summarise_lists,
    summarise_ranks,
)
from bench.quality.ranker import Ranker
from bench.quality.task import LEAST_MS, Ranked, Task

DEEPEST = 1000  # hits that are looked at; what stands further down was not found


def put(
    tasks: Sequence[Task], ranker: Ranker, tell: Callable[[], None] = lambda: None
) -> list[Ranked]:
    """What an engine answers to tasks, in their order; `tell` is called after each."""
    answers = []
    for task in tasks:
        right = mark_right(ranker.rank(task.query, DEEPEST), task.goals, LEAST_MS)
        answers.append(Ranked(task, tuple(right.tolist())))
        tell()
    return answers


def find_ranks(answers: Sequence[Ranked]) -> NDArray[np.float64]:
    """(tasks,) the rank of the first right hit, `inf` where none was found."""
    return np.array([answer.first for answer in answers], np.float64)


def judge_known(answers: Sequence[Ranked]) -> KnownItemFigures:
    """The figures of known-item tasks."""
    return summarise_ranks(find_ranks(answers))


def judge_ad_hoc(answers: Sequence[Ranked]) -> AdHocFigures:
    """The figures of ad-hoc tasks."""
    totals = [len(answer.task.goals) for answer in answers]
    return summarise_lists([answer.right for answer in answers], totals)


def score_each(answers: Sequence[Ranked]) -> NDArray[np.float64]:
    """(tasks,) 0 to 1: average precision, which for one goal is the reciprocal rank."""
    scores = [average_precision(answer.right, len(answer.task.goals)) for answer in answers]
    return np.array(scores, np.float64)


def bound_recall(answers: Sequence[Ranked], k: int) -> Interval:
    """Recall@k of known items with its interval."""
    return bound((find_ranks(answers) <= k).astype(np.float64))


def compare(ours: Sequence[Ranked], theirs: Sequence[Ranked]) -> Interval:
    """How much better ours answer the same tasks: the mean difference of `score_each`."""
    return bound_difference(score_each(ours), score_each(theirs))
