"""A person's own right answers beside a person's own videos, as a CSV file.

    video,start_ms,end_ms,kind,text
    party.mp4,12000,15500,known,a woman blows out candles
    party.mp4,60000,64000,topic,people dancing
    wedding.mp4,5000,9000,topic,people dancing
    party.mp4,12000,15500,picture,photos/candles.jpg

`known`: this very moment is looked for. `topic`: rows of one text are its right answers. `picture`:
the text is the path of a picture file, from the CSV's folder. Knows no engine and no metric.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from analyzers.error import SettingsError
from bench.evaluate.hits import Goal, Span
from bench.quality.task import Task
from search.leaves.image import ImageLeaf
from search.leaves.text import TextLeaf
from search.query import Query

COLUMNS = ("video", "start_ms", "end_ms", "kind", "text")
KINDS = MappingProxyType({"known": "tkis/own", "topic": "avs", "picture": "vkis"})


@dataclass(frozen=True)
class _Row:
    kind: str
    text: str
    span: Span


def read_annotations(file: Path) -> list[Task]:
    """The tasks of an annotation file; rows of one kind and text are one task.

    Raises:
        SettingsError: file, line and column are named.
    """
    tasks: dict[tuple[str, str], list[Span]] = {}
    for row in _read_rows(file):
        tasks.setdefault((row.kind, row.text), []).append(row.span)
    return [
        Task(f"{kind}:{text}", KINDS[kind], _ask(kind, text, file), _aim(kind, spans), text)
        for (kind, text), spans in tasks.items()
    ]


def _aim(kind: str, spans: Sequence[Span]) -> tuple[Goal, ...]:
    """Of a topic every span is a goal; of one moment all its spans are the same goal."""
    return tuple(Goal((span,)) for span in spans) if kind == "topic" else (Goal(tuple(spans)),)


def _read_rows(file: Path) -> Iterator[_Row]:
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:  # as spreadsheets write it
            reader = csv.DictReader(stream)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise SettingsError(f"{file}:1: the first line lacks {', '.join(missing)}")
            for row in reader:
                yield _read_row(row, f"{file}:{reader.line_num}")
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{file}: {error}") from error


def _read_row(row: Mapping[str, str | None], place: str) -> _Row:
    video, kind, text = (_read_word(row, name, place) for name in ("video", "kind", "text"))
    if kind not in KINDS:
        raise SettingsError(f"{place}: kind: {kind!r} is none of {', '.join(KINDS)}")
    start_ms, end_ms = (_read_time(row, name, place) for name in ("start_ms", "end_ms"))
    if end_ms <= start_ms:
        raise SettingsError(f"{place}: end_ms: {end_ms} does not lie behind start_ms, {start_ms}")
    return _Row(kind, text, Span(Path(video).stem, start_ms, end_ms))


def _read_word(row: Mapping[str, str | None], name: str, place: str) -> str:
    word = (row[name] or "").strip()
    if not word:
        raise SettingsError(f"{place}: {name}: there is nothing")
    return word


def _read_time(row: Mapping[str, str | None], name: str, place: str) -> int:
    word = _read_word(row, name, place)
    if not word.isdecimal():
        raise SettingsError(f"{place}: {name}: {word!r} is no whole number of milliseconds")
    return int(word)


def _ask(kind: str, text: str, file: Path) -> Query:
    if kind != "picture":
        return Query(root=TextLeaf(text=text))
    try:
        return Query(root=ImageLeaf.of((file.parent / text).read_bytes(), name=text))
    except OSError as error:
        raise SettingsError(f"{file}: {text}: {error.strerror}") from error
