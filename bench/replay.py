"""The logs of two operators of CVHunter at VBS 2022 analysed again, to test what the bench counts.

Lokoč and Peška, "A Study of a Cross-modal Interactive Search Tool Using CLIP and Temporal Fusion",
MMM 2023: table 1 (text queries), figure 1 (length against rank), table 2 (temporal feedback). The
reading of the logs is in `replay_log.py`. Knows nothing of our engine: these are another's ranks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from bench.replay_log import MISSED, LogRow, LogUnreadable, read_logs

TOPS = (10, 20, 50, 100, 200, 500)
FEWEST_QUERIES = 3  # of a task whose queries are compared with each other


@dataclass(frozen=True)
class OperatorFigures:
    """A row of table 1: one operator's text queries."""

    operator: int
    text_queries: int
    mean_words: float
    mean_characters: float
    below: tuple[int, ...]  # queries with rank < 10, 20, 50, 100, 200, 500: as was printed
    within: tuple[int, ...]  # queries with rank <= 10, ...: as the heading says
    missed: int  # rank beyond 10,000
    median_rank: float
    temporal: int


@dataclass(frozen=True)
class FeedbackStep:
    """One click on "more like these": how many examples, and the rank after it."""

    rank: int  # MISSED: beyond 10,000
    examples: tuple[int, int]  # for the first and for the second part of the query


@dataclass(frozen=True)
class FeedbackSession:
    """A text query and the feedback that followed it: a row of table 2."""

    task: str
    operator: int
    is_temporal: bool
    first_rank: int  # after the text query; MISSED: beyond 10,000
    steps: tuple[FeedbackStep, ...]


@dataclass(frozen=True)
class ReplayFigures:
    """What the logs say."""

    operators: tuple[OperatorFigures, ...]
    words_correlation: float | None  # Pearson's, of rank above the task's best with length
    characters_correlation: float | None
    correlated_queries: int
    sessions: tuple[FeedbackSession, ...]

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench replay --json` prints it; a rank beyond 10,000 is null."""
        temporal = [session for session in self.sessions if session.is_temporal]
        return {
            "bench": "replay",
            "text_queries": sum(it.text_queries for it in self.operators),
            "per_operator": [it.text_queries for it in self.operators],
            "median_rank": [_plain(it.median_rank) for it in self.operators],
            "temporal_share": [f"{it.temporal}/{it.text_queries}" for it in self.operators],
            "correlations": [self.words_correlation, self.characters_correlation],
            "correlated_queries": self.correlated_queries,
            "tops": list(TOPS),
            "operators": [asdict(it) for it in self.operators],
            "feedback_sessions": len(self.sessions),
            "temporal_sessions": len(temporal),
            "temporal_medians": list(_summarise_feedback(temporal)),
            "feedback": [_describe(session) for session in self.sessions],
        }


def replay(folder: Path) -> ReplayFigures:
    """Analyse the logs in a folder.

    Raises:
        LogUnreadable: a file is missing or not of the form.
    """
    logs = read_logs(folder)
    queries = [row for rows in logs for row in rows if row.is_text]
    if not all(any(row.is_text for row in rows) for rows in logs):
        raise LogUnreadable(f"{folder}: the log of an operator has no text query")
    above, compared = _find_comparable(queries)
    numbered = list(enumerate(logs, start=1))
    return ReplayFigures(
        tuple(_sum_up(number, rows) for number, rows in numbered),
        _correlate(above, [row.words for row in compared]),
        _correlate(above, [row.characters for row in compared]),
        len(compared),
        tuple(session for number, rows in numbered for session in _find_sessions(number, rows)),
    )


def _sum_up(operator: int, rows: Sequence[LogRow]) -> OperatorFigures:
    queries = [row for row in rows if row.is_text]
    ranks = np.array([row.rank for row in queries])
    return OperatorFigures(
        operator=operator,
        text_queries=len(queries),
        mean_words=float(np.mean([row.words for row in queries])),
        mean_characters=float(np.mean([row.characters for row in queries])),
        below=tuple(int((ranks < top).sum()) for top in TOPS),
        within=tuple(int((ranks <= top).sum()) for top in TOPS),
        missed=int((ranks == MISSED).sum()),
        median_rank=float(np.median(ranks)),
        temporal=sum(row.is_temporal for row in queries),
    )


def _find_comparable(queries: Sequence[LogRow]) -> tuple[list[int], list[LogRow]]:
    """The queries of tasks with at least three, and how far each ranks below its task's best."""
    above: list[int] = []
    compared: list[LogRow] = []
    for _, group in groupby(sorted(queries, key=_by_task), key=_by_task):
        rows = list(group)
        if len(rows) >= FEWEST_QUERIES:
            compared += rows
            above += [row.rank - min(it.rank for it in rows) for row in rows]
    return above, compared


def _correlate(ranks: Sequence[int], lengths: Sequence[int]) -> float | None:
    """Pearson's r, which is what was published (Spearman's is another); None if one is constant."""
    if len(set(ranks)) < 2 or len(set(lengths)) < 2:
        return None
    return float(np.corrcoef(ranks, lengths)[0, 1])


def _plain(value: float) -> float | int:
    """730 for 730.0."""
    return int(value) if value.is_integer() else value


def _by_task(row: LogRow) -> str:
    return row.task


def _find_sessions(operator: int, rows: Iterable[LogRow]) -> Iterable[FeedbackSession]:
    """The runs of feedback of each task, each with the text query before it.

    A text query ends a run. A query by picture does not: the operators looked around with it and
    went on giving feedback on what they had (session 9 of table 2).
    """
    for task, group in groupby(rows, key=_by_task):
        query: LogRow | None = None
        steps: list[LogRow] = []
        for row in (it for it in group if it.is_text or it.is_feedback):
            if row.is_feedback:
                steps.append(row)
                continue
            if steps:
                yield _open_session(task, operator, query, steps)
            query, steps = row, []
        if steps:
            yield _open_session(task, operator, query, steps)


def _open_session(
    task: str, operator: int, query: LogRow | None, steps: Sequence[LogRow]
) -> FeedbackSession:
    return FeedbackSession(
        task,
        operator,
        steps[0].is_temporal,
        query.rank if query else MISSED,
        tuple(FeedbackStep(row.rank, row.examples) for row in steps),
    )


def _summarise_feedback(sessions: Sequence[FeedbackSession]) -> tuple[float, ...]:
    """Median rank before feedback, after its first step, after its last."""
    stages = (
        [session.first_rank for session in sessions],
        [session.steps[0].rank for session in sessions],
        [session.steps[-1].rank for session in sessions],
    )
    return tuple(float(np.median(ranks)) for ranks in stages if ranks)


def _describe(session: FeedbackSession) -> dict[str, Any]:
    ranks = [session.first_rank, *(step.rank for step in session.steps)]
    return {
        "task": session.task,
        "operator": session.operator,
        "temporal": session.is_temporal,
        "ranks": [None if rank == MISSED else rank for rank in ranks],
        "examples": [list(step.examples) for step in session.steps],
    }
