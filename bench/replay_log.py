"""CVHunter's logs of VBS 2022 read and cleaned as their study did.

Two files of actions, one per operator, and the server's times of the right submissions. Knows
nothing of what is counted in them.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzers.error import ShotseekError

MISSED = 20_000  # the study's rank of what is not among the 10,000 logged
# Operator 1's clock ran a second behind the server's.
OPERATORS = (("e_actionsLP.csv", 1), ("e_actionsJL.csv", 0))
SOLVED = "cvhunter_correct_sub_times.csv"
LEAD_S = 5  # between the start in the log and the start of the task
# Clicks that asked nothing.
IDLE = {"RESET", "1P/Video", "2P/Video", "5P/Video", "VideoDetailSortBySimilarity"}
FEEDBACK = "feedbackModel"
TEMPORAL = "Temporal "

# What the study's lengths leave out. A blank behind `>` goes with it, one before it stays, so that
# "a > b" has one and "a> b" becomes one word: else neither mean is the printed one.
NOT_TYPED = re.compile(r"Temporal CLIP: |CLIP: |> |[>:]")
GROUP = re.compile(r"group:([12])\|([^|]*)")


class LogUnreadable(ShotseekError):
    """A log is missing or not of the form; the message names file and line."""


@dataclass(frozen=True)
class LogRow:
    """One action of an operator."""

    task: str
    seconds: int  # since the task began
    category: str
    kind: str
    query: str
    rank: int  # of the first right frame; MISSED: none among those logged

    @property
    def is_text(self) -> bool:
        """A text was typed."""
        return self.category == "TEXT"

    @property
    def is_feedback(self) -> bool:
        """Pictures were marked as being like what is sought."""
        return self.kind == FEEDBACK

    @property
    def is_temporal(self) -> bool:
        """It asks for two moments, one after the other."""
        return self.query.startswith(TEMPORAL)

    @property
    def words(self) -> int:
        """How many were typed."""
        return len(NOT_TYPED.sub("", self.query).split())

    @property
    def characters(self) -> int:
        """How many were typed."""
        return len(NOT_TYPED.sub("", self.query))

    @property
    def examples(self) -> tuple[int, int]:
        """How many pictures were marked for the first and for the second part of a query."""
        counts = {"1": 0, "2": 0}
        for part, items in GROUP.findall(self.query):
            counts[part] += len([item for item in items.split("_") if item.strip()])
        return counts["1"], counts["2"]


def read_logs(folder: Path) -> tuple[tuple[LogRow, ...], ...]:
    """The actions of each operator, in order, up to the right submission of their task.

    Raises:
        LogUnreadable: a file is missing or not of the form.
    """
    solved_ms = _read_solved(folder / SOLVED)
    return tuple(
        tuple(_read_actions(folder / name, behind_s, solved_ms)) for name, behind_s in OPERATORS
    )


def _read_solved(path: Path) -> Mapping[str, int]:
    """When each task was solved, in ms since it began; the unsolved are absent."""
    times = {}
    for number, row in _read_rows(path, ","):
        time_ms = _whole(row, "timeMs", path, number)
        if time_ms >= 0:
            times[_field(row, "taskID", path, number)] = time_ms
    return times


def _read_actions(path: Path, behind_s: int, solved_ms: Mapping[str, int]) -> Iterable[LogRow]:
    for number, row in _read_rows(path, ";"):
        action = LogRow(
            task=_field(row, "name", path, number),
            seconds=_whole(row, "time", path, number) + behind_s - LEAD_S,
            category=_field(row, "category", path, number),
            kind=_field(row, "type", path, number),
            query=_field(row, "query", path, number),
            rank=_whole(row, "Rank", path, number, MISSED),
        )
        is_wrong_submission = '"WRONG"' in _field(row, "filter", path, number)
        is_over = action.seconds * 1000 > solved_ms.get(action.task, float("inf"))
        if action.seconds > 0 and action.kind not in IDLE and not (is_wrong_submission or is_over):
            yield action


def _read_rows(path: Path, delimiter: str) -> Sequence[tuple[int, Mapping[str, str | None]]]:
    try:
        # Quotation marks in the log are what was typed.
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, delimiter=delimiter, quoting=csv.QUOTE_NONE)
            return [(rows.line_num, row) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LogUnreadable(f"{path}: cannot be read: {error}") from error


def _field(row: Mapping[str, str | None], name: str, path: Path, number: int) -> str:
    text = row.get(name)
    if text is None:
        raise LogUnreadable(f"{path}, line {number}: there is no `{name}`")
    return text


def _whole(
    row: Mapping[str, str | None], name: str, path: Path, number: int, absent: int | None = None
) -> int:
    text = _field(row, name, path, number)
    if not text and absent is not None:
        return absent
    try:
        return int(text)
    except ValueError:
        raise LogUnreadable(f"{path}, line {number}: `{name}` is `{text}`") from None
