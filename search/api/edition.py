"""One generation as the API shows it: what answers need besides the engine, prepared once.

Knows no HTTP, no catalog.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from analyzers.error import ShotseekError
from analyzers.finding import WordsKind
from indexer.generations.generation import Generation
from indexer.generations.manifest import read_manifest
from indexer.generations.opening import INDEXES
from search.api.suggesting import Filters
from search.engine import SearchEngine
from search.where import known_names


class Edition:
    """One generation, ready to be shown; safe to share between threads."""

    def __init__(self, engine: SearchEngine, created: str) -> None:
        generation = engine.generation
        self.engine = engine
        self.created = created  # ISO 8601 in UTC; "" if that is not known any more
        self.known = known_names(generation)
        self.numbers = {uid: number for number, uid in enumerate(generation.videos.uid)}
        self.filters = Filters(engine)
        self._titles = _find_titles(generation)
        self._sought = tuple(
            f"{name}\n{self._titles.get(number, '')}".casefold()
            for number, name in enumerate(engine.names)
        )

    def find_videos(self, text: str) -> Sequence[int]:
        """The numbers of the videos whose name or title contains a text."""
        wanted = text.casefold()
        if not wanted:
            return range(len(self._sought))
        return [number for number, sought in enumerate(self._sought) if wanted in sought]

    def title(self, video: int) -> str | None:
        """What the video says it is called."""
        return self._titles.get(video)


def _find_titles(generation: Generation) -> dict[int, str]:
    """The first title of each video that has any."""
    documents = generation.words.documents
    kinds = [number for number, kind in enumerate(documents.kinds) if kind is WordsKind.TITLE]
    found = np.flatnonzero(np.isin(documents.kind, kinds))
    videos, first = np.unique(documents.video[found], return_index=True)
    titled = zip(videos.tolist(), found[first].tolist(), strict=True)
    return {video: documents.text(doc) for video, doc in titled}


def find_created(engine: SearchEngine, folder: Path) -> str:
    """When the search files of an engine were made; "" if they do not tell any more."""
    try:
        return read_manifest(folder / INDEXES / engine.generation.name).created
    except (OSError, ShotseekError):
        return ""
