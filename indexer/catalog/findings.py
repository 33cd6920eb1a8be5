"""Findings as rows of the catalog and back again. Vectors and dense tracks are not here.

Every row begins with (video id, run id, position, start_ms, end_ms).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from analyzers.finding import (
    Box,
    End,
    EndKind,
    Finding,
    Label,
    Measure,
    Relation,
    Track,
    Words,
    WordsKind,
)
from indexer.catalog import tables
from indexer.catalog.bulk import Row
from indexer.storable import pack_text

Placed: TypeAlias = tuple[int, Finding]  # position in its run


def finding_rows(
    video_id: int, run_id: int, findings: Sequence[Finding]
) -> Iterator[tuple[sa.Table, list[Row]]]:
    """The rows of a run's findings, table by table."""
    by_kind: dict[type, list[Row]] = {}
    for position, finding in enumerate(findings):
        if type(finding) in KINDS:
            head = (video_id, run_id, position, int(finding.start_ms), int(finding.end_ms))
            tail = KINDS[type(finding)][1](finding)
            by_kind.setdefault(type(finding), []).append(head + tail)
    for kind, rows in by_kind.items():
        yield KINDS[kind][0], rows


def finding_of(row: sa.Row[Any], table: sa.Table) -> Finding:
    """The finding of a row of one of `READ_TABLES`."""
    return READ_TABLES[table](row)


def _box_cells(box: Box | None) -> Row:
    return (None, None, None, None) if box is None else tuple(float(edge) for edge in box)


def _packed(text: str | None) -> str | None:
    return None if text is None else pack_text(text)


def _words_cells(words: Words) -> Row:
    text = (str(words.kind), pack_text(words.text), float(words.score))
    return (*text, *_box_cells(words.box), _packed(words.language))


def _label_cells(label: Label) -> Row:
    name = (pack_text(label.vocabulary), pack_text(label.name), float(label.score))
    return (*name, *_box_cells(label.box), _packed(label.track))


def _measure_cells(measure: Measure) -> Row:
    return (pack_text(measure.name), float(measure.value), pack_text(measure.unit))


def _track_cells(track: Track) -> Row:
    return (pack_text(track.id), pack_text(track.kind), len(track.times_ms))


def _relation_cells(relation: Relation) -> Row:
    subject, object_ = relation.subject, relation.object
    return (
        str(subject.kind),
        pack_text(subject.value),
        pack_text(relation.predicate),
        str(object_.kind),
        pack_text(object_.value),
        float(relation.score),
    )


def _box_of(row: sa.Row[Any]) -> Box | None:
    return None if row.x0 is None else (row.x0, row.y0, row.x1, row.y1)


def _words_of(row: sa.Row[Any]) -> Words:
    span = (row.start_ms, row.end_ms)
    return Words(*span, WordsKind(row.kind), row.text, row.score, _box_of(row), row.language)


def _label_of(row: sa.Row[Any]) -> Label:
    span = (row.start_ms, row.end_ms)
    return Label(*span, row.vocabulary, row.name, row.score, _box_of(row), row.track)


def _measure_of(row: sa.Row[Any]) -> Measure:
    return Measure(row.start_ms, row.end_ms, row.name, row.value, row.unit)


def _relation_of(row: sa.Row[Any]) -> Relation:
    subject = End(EndKind(row.subject_kind), row.subject)
    object_ = End(EndKind(row.object_kind), row.object)
    return Relation(row.start_ms, row.end_ms, subject, row.predicate, object_, row.score)


KINDS: dict[type, tuple[sa.Table, Callable[[Any], Row]]] = {
    Words: (tables.words, _words_cells),
    Label: (tables.labels, _label_cells),
    Measure: (tables.measures, _measure_cells),
    Track: (tables.tracks, _track_cells),
    Relation: (tables.relations, _relation_cells),
}
READ_TABLES: dict[sa.Table, Callable[[sa.Row[Any]], Finding]] = {
    tables.words: _words_of,
    tables.labels: _label_of,
    tables.measures: _measure_of,
    tables.relations: _relation_of,
}
