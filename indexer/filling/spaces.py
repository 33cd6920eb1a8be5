"""Tells the collection of the embedding spaces that analyzers speak of."""

from collections.abc import Iterable, Sequence

from analyzers.analyzer import Analyzer
from analyzers.encoder import Range, Space
from analyzers.finding import Embedding, Finding
from indexer.collection import Collection

PLAIN_RANGE = Range(-1.0, 1.0)  # nothing is known of the cosines of a space without an encoder


def announce_spaces(collection: Collection, analyzers: Iterable[Analyzer]) -> None:
    """Add the spaces that analyzers announce (`spaces`, an optional attribute).

    Raises:
        SpaceMismatch: the collection holds a space of that name with another model.
    """
    for analyzer in analyzers:
        for space in getattr(analyzer, "spaces", ()):
            collection.add_space(space)


def register_spaces(collection: Collection, findings: Sequence[Finding]) -> None:
    """Add spaces that appear in findings and that no encoder has announced."""
    for finding in findings:
        if isinstance(finding, Embedding) and finding.space not in collection.spaces:
            dim = len(finding.vector)
            collection.add_space(Space(finding.space, dim, "", PLAIN_RANGE, PLAIN_RANGE))
