"""Answers queries from one generation of a collection. Knows no HTTP, no command line, no SQL."""

import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from analyzers.encoder import Encoder
from indexer.generations.generation import Generation
from search.cosines import find_cosines, walk
from search.cursor import Cursor, digest_of, read_cursor, write_cursor
from search.encoders import Encoders
from search.hits import Hit, SearchResult
from search.layout import Layout
from search.moments import best_row, shot_scores
from search.options import SearchOptions
from search.outcome import Outcome, Scores
from search.query import Query
from search.ranking import rank_shots
from search.vector_leaf import VectorLeaf
from search.vector_source import VectorSource
from search.videos import public_names
from search.view import View


class SearchEngine:
    """One generation, ready to be asked; safe to share between threads.

    Args:
        collection: the collection's folder, of which the newest generation is opened; or one that
            is open.
        encoders: models that exist already, by the name of their space; others are made when a
            text or a picture first needs them.
        device: where models are made: "auto", "cpu" or "cuda".

    Raises:
        GenerationMissing: nothing was built to search in yet.
    """

    def __init__(
        self,
        collection: Path | Generation,
        encoders: Mapping[str, Encoder] | None = None,
        *,
        device: str = "auto",
    ) -> None:
        if isinstance(collection, Path):
            from indexer.generations.opening import open_generation

            collection = open_generation(collection)
        self.generation = collection
        self._layout = Layout(collection)
        self._source = VectorSource(collection, self._layout, Encoders(encoders, device))
        self._names = public_names(collection.videos)

    def search(self, query: Query, options: SearchOptions | None = None) -> SearchResult:
        """The hits of a query: shots with their best moment, and why.

        Raises:
            ShotseekError: the query names something that the collection does not have, a picture
                cannot be read, a model is not at hand, the cursor is of another generation.
        """
        began = time.perf_counter()
        options = options or SearchOptions()
        digest = digest_of(query, options)
        offset = 0
        if options.cursor is not None:
            offset = read_cursor(options.cursor, self.generation.name, digest)
        view, space = self._look(query, options)
        outcome = query.root.evaluate(view) if self._layout.n else None
        hits, total = self._list(outcome, options, offset) if outcome else ((), 0)
        shown = offset + len(hits)
        rest = Cursor(self.generation.name, shown, digest) if hits and shown < total else None
        return SearchResult(
            hits=hits,
            space=space,
            took_ms=round((time.perf_counter() - began) * 1000, 3),
            total=total,
            generation=self.generation.name,
            cursor=write_cursor(rest) if rest else None,
            notes=(*self.generation.notes, *view.notes),
        )

    def _look(self, query: Query, options: SearchOptions) -> tuple[View, str | None]:
        """All cosines of the query, and the space that they were compared in, if any."""
        leaves = [node for node in walk(query.root) if isinstance(node, VectorLeaf)]
        space = options.space and self._source.space(options.space).space.name
        if space is None and any(leaf.space is None for leaf in leaves):
            encodes = any(leaf.needs_encoder() for leaf in leaves if leaf.space is None)
            space = self._source.choose_space(with_encoder=encodes)
        cosines = find_cosines(leaves, space, self._source)
        compared = [found.space for found in cosines.values()]
        shown = space if space in compared else next(iter(compared), None)
        return View(self.generation, self._layout, cosines), shown

    def _list(
        self, outcome: Outcome, options: SearchOptions, offset: int
    ) -> tuple[tuple[Hit, ...], int]:
        """One page of hits, and the number of hits on all pages."""
        layout = self._layout
        found = layout.any_of_shots(outcome.mask)
        scores = shot_scores(outcome, layout)
        if scores is None:
            scores = np.ones(len(found))
        listed = np.where(found, scores, np.nan)
        shots, total = rank_shots(listed, layout.shots.video, options, offset)
        hits = tuple(
            self._hit(outcome, int(shot), listed, rank)
            for rank, shot in enumerate(shots, start=offset + 1)
        )
        return hits, total

    def _hit(self, outcome: Outcome, shot: int, scores: Scores, rank: int) -> Hit:
        layout = self._layout
        row, video = best_row(outcome, layout, shot), layout.shots.video[shot]
        return Hit(
            rank=rank,
            video=self._names[video],
            video_id=layout.videos.uid[video],
            shot=layout.shot_id(shot),
            start_ms=int(layout.shots.start_ms[shot]),
            end_ms=int(layout.shots.end_ms[shot]),
            time_ms=int(layout.rows.time_ms[row]),
            score=float(scores[shot]),
            why=outcome.explain(row),
        )
