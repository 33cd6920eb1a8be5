"""Run and judgement files of TREC and TRECVID, read, written and scored as `trec_eval` does.

A line of a run is `topic Q0 shot rank score tag`, a line of judgements (qrels) is
`topic 0 shot relevance`; fields are parted by blanks, empty lines are passed over. Knows nothing of
what a shot is: its name is a word.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from analyzers.error import ShotseekError
from bench.evaluate.ranking import AdHocFigures, summarise_lists

T = TypeVar("T")

DEPTH = 1000  # of a topic's list, as TRECVID takes


class RunUnreadable(ShotseekError):
    """A run or judgement file is not of the form; the message names file and line."""


@dataclass(frozen=True)
class RunLine:
    """One shot in the answer to a topic."""

    topic: str
    shot: str
    rank: int  # from 1; some tools count from 0
    score: float
    tag: str  # names the run


@dataclass(frozen=True)
class Judgement:
    """What was judged of a shot for a topic: right where above 0."""

    topic: str
    shot: str
    relevance: int


def read_run(path: Path) -> tuple[RunLine, ...]:
    """The lines of a run, in the order of the file.

    Raises:
        RunUnreadable: the file cannot be read, a line is not of the form, or a topic has a shot
            twice.
    """
    return _read(path, _parse_run_line)


def read_judgements(path: Path) -> tuple[Judgement, ...]:
    """The lines of a judgement file, in its order.

    Raises:
        RunUnreadable: the file cannot be read, a line is not of the form, or a shot is judged
            twice for a topic.
    """
    return _read(path, _parse_judgement)


def write_run(path: Path, lines: Iterable[RunLine]) -> None:
    """Write a run.

    Raises:
        ValueError: a name is empty or has a blank in it.
        OSError: the file cannot be written.
    """
    texts = [
        f"{_word(line.topic)} Q0 {_word(line.shot)} {line.rank} {line.score!r} {_word(line.tag)}\n"
        for line in lines
    ]
    path.write_text("".join(texts), encoding="utf-8")


def write_judgements(path: Path, judgements: Iterable[Judgement]) -> None:
    """Write judgements.

    Raises:
        ValueError: a name is empty or has a blank in it.
        OSError: the file cannot be written.
    """
    texts = [f"{_word(it.topic)} 0 {_word(it.shot)} {it.relevance}\n" for it in judgements]
    path.write_text("".join(texts), encoding="utf-8")


def list_run(topic: str, tag: str, hits: Iterable[tuple[str, float]]) -> Iterator[RunLine]:
    """The lines of one topic from (shot, score), best first."""
    for rank, (shot, score) in enumerate(hits, start=1):
        yield RunLine(topic, shot, rank, score, tag)


def mark_run(
    run: Iterable[RunLine], judgements: Iterable[Judgement], depth: int = DEPTH
) -> tuple[Mapping[str, list[bool]], Mapping[str, int]]:
    """For each judged topic the truths of its list in order, and how many right shots there are.

    As in `trec_eval` the score orders a list and the rank does not; among equals the wrong ones
    come first. What was not judged is wrong. A topic with no right shot is left out, one that the
    run does not answer has an empty list.
    """
    right: dict[str, set[str]] = defaultdict(set)
    for judgement in judgements:
        if judgement.relevance > 0:
            right[judgement.topic].add(judgement.shot)
    answers: dict[str, list[tuple[float, bool]]] = {topic: [] for topic in right}
    for line in run:
        if line.topic in answers:
            answers[line.topic].append((-line.score, line.shot in right[line.topic]))
    marks = {topic: [mark for _, mark in sorted(hits)[:depth]] for topic, hits in answers.items()}
    return marks, {topic: len(shots) for topic, shots in right.items()}


def score_run(
    run: Iterable[RunLine], judgements: Iterable[Judgement], depth: int = DEPTH
) -> AdHocFigures:
    """Mean average precision and recall@100 over the topics that have a right shot."""
    marks, totals = mark_run(run, judgements, depth)
    return summarise_lists([marks[topic] for topic in totals], list(totals.values()))


def _read(path: Path, parse: Callable[[Sequence[str]], T]) -> tuple[T, ...]:
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RunUnreadable(f"{path}: cannot be read: {error}") from error
    read: list[T] = []
    seen: set[tuple[str, str]] = set()
    for number, text in enumerate(texts, start=1):
        fields = text.split()
        if not fields:
            continue
        try:
            read.append(parse(fields))
            _check_new((fields[0], fields[2]), seen)
        except ValueError as error:
            raise RunUnreadable(f"{path}, line {number}: {error}") from error
    return tuple(read)


def _check_new(pair: tuple[str, str], seen: set[tuple[str, str]]) -> None:
    if pair in seen:
        raise ValueError(f"topic {pair[0]} has shot {pair[1]} a second time")
    seen.add(pair)


def _parse_run_line(fields: Sequence[str]) -> RunLine:
    if len(fields) != 6:
        raise ValueError(f"`topic Q0 shot rank score tag` are 6 fields, here are {len(fields)}")
    topic, _, shot, rank, score, tag = fields
    value = _number(score, "score", float)
    if math.isnan(value):
        raise ValueError("the score is nan, which has no place in an order")
    return RunLine(topic, shot, _number(rank, "rank", int), value, tag)


def _parse_judgement(fields: Sequence[str]) -> Judgement:
    if len(fields) != 4:
        raise ValueError(f"`topic 0 shot relevance` are 4 fields, here are {len(fields)}")
    topic, _, shot, relevance = fields
    return Judgement(topic, shot, _number(relevance, "relevance", int))


def _number(text: str, name: str, kind: Callable[[str], T]) -> T:
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"the {name} is `{text}`, which is no number") from None


def _word(text: str) -> str:
    if len(text.split()) != 1 or text.strip() != text:
        raise ValueError(f"`{text}` cannot be a field: it is empty or has a blank in it")
    return text
