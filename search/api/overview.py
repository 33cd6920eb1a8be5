"""What a collection holds, gathered for the API. Knows no routes."""

import os
from dataclasses import asdict

from analyzers.error import ShotseekError
from indexer.catalog.reader import CatalogReader
from indexer.collection_status import read_analyzers
from search.api.edition import Edition
from search.api.hiding import hide_folders
from search.api.serving import Serving
from search.wire import (
    AnalyzerStatus,
    CollectionStatus,
    FailureStatus,
    GenerationStatus,
    SpaceStatus,
)


def find_version() -> str:
    """The version of shotseek that is installed."""
    from importlib.metadata import version

    return version("shotseek")


def describe_collection(serving: Serving) -> CollectionStatus:
    """The collection as it is now."""
    collection = serving.collection
    with collection.catalog.reading() as reader:
        counts, revision = reader.counts(), reader.revision
        hours = reader.total_ms() / 3_600_000
        analyzers, failures = read_analyzers(reader), _failures(reader)
    edition = _find_edition(serving)
    state = "unbuilt" if edition is None else "ready"
    return CollectionStatus(
        id=collection.id,
        name=collection.folder.resolve().name,
        version=find_version(),
        state=state if counts.videos else "empty",
        videos=counts.videos,
        shots=counts.shots,
        keyframes=counts.keyframes,
        hours=hours,
        spaces=tuple(
            SpaceStatus(name=one.name, dim=one.dim, encoder=one.encoder)
            for one in collection.spaces.values()
        ),
        analyzers=tuple(AnalyzerStatus(**asdict(one)) for one in analyzers),
        failures=failures,
        generation=edition and _generation(edition, revision),
        bytes=serving.sizes.get(),
        notes=tuple(map(hide_folders, edition.engine.generation.notes)) if edition else (),
    )


def _find_edition(serving: Serving) -> Edition | None:
    try:
        return serving.edition()
    except ShotseekError:
        return None


def _failures(reader: CatalogReader) -> tuple[FailureStatus, ...]:
    return tuple(
        FailureStatus(
            name=os.path.basename(one.path), stage=one.stage, reason=hide_folders(one.reason)
        )
        for one in reader.find_failures()
    )


def _generation(edition: Edition, revision: int) -> GenerationStatus:
    generation = edition.engine.generation
    return GenerationStatus(
        name=generation.name,
        revision=generation.revision,
        created=edition.created,
        fresh=generation.revision == revision,
    )
