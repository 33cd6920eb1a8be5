"""Answers queries from one generation of a collection. Knows no HTTP, no command line, no SQL."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from analyzers.encoder import Encoder
from indexer.generations.generation import Generation
from search.close_look import CloseLook
from search.cosines import find_cosines, walk
from search.cursor import Cursor, digest_of, read_cursor, write_cursor
from search.encoders import Encoders
from search.error import QueryInvalid
from search.hit_building import build_hits
from search.hits import Hit, SearchResult
from search.layout import Floats, Indexes, Layout
from search.moments import shot_scores
from search.node import Node
from search.options import SearchOptions
from search.paging import STEPS, cut_distinct_page, cut_page
from search.people_source import PeopleSource
from search.persons import OpenPeople, Persons, Said
from search.picture import LARGEST_PX
from search.query import Query
from search.ranking import Ranking
from search.settling import BLOCKS, Settling
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
            text or a picture first needs them. Or those that another engine uses, to share them.
        device: where models are made: "auto", "cpu" or "cuda".
        find_picture: gives the file of a picture that a query names by its id.
        most_px: of a picture in a query.
        people: opens what searchers said of persons, when one is asked for; by default that of the
            collection's folder, if it is given.

    Raises:
        GenerationMissing: nothing was built to search in yet.
    """

    def __init__(
        self,
        collection: Path | Generation,
        encoders: Mapping[str, Encoder] | Encoders | None = None,
        *,
        device: str = "auto",
        find_picture: Callable[[str], bytes] | None = None,
        most_px: int = LARGEST_PX,
        people: Callable[[], Said] | None = None,
    ) -> None:
        if isinstance(collection, Path):
            from indexer.generations.opening import open_generation

            people = people or OpenPeople(collection)
            collection = open_generation(collection)
        self.generation = collection
        shared = encoders if isinstance(encoders, Encoders) else Encoders(encoders, device)
        self.layout = Layout(collection)
        self._source = VectorSource(collection, self.layout, shared, find_picture, most_px)
        self._people = PeopleSource(
            collection, shared, Persons(collection, people), find_picture, most_px
        )
        self.names = tuple(public_names(collection.videos))  # by the video's number

    def search(
        self,
        query: Query,
        options: SearchOptions | None = None,
        *,
        within_s: float | None = None,
    ) -> SearchResult:
        """The hits of a query: shots with their best moment, and why.

        Args:
            query: what is looked for.
            options: how hits are listed.
            within_s: how long it may take, looked at between the steps of the work.

        Raises:
            ShotseekError: the query names something that the collection does not have, a picture
                cannot be read, a model is not at hand, the cursor is of another generation, the
                time is over.
        """
        ends = None if within_s is None else time.monotonic() + within_s
        began = time.perf_counter()
        options = options or SearchOptions()
        digest = digest_of(query, options)
        offset = 0
        if options.cursor is not None:
            offset = read_cursor(options.cursor, self.generation.name, digest)
        view, space = self._look(query, options, ends)
        hits, total, is_last = self._list(view, query.root, options, offset, space)
        rest = None if is_last else Cursor(self.generation.name, offset + len(hits), digest)
        return SearchResult(
            hits=hits,
            space=space,
            took_ms=round((time.perf_counter() - began) * 1000, 3),
            total=total,
            generation=self.generation.name,
            cursor=write_cursor(rest) if rest else None,
            notes=(*self.generation.notes, *view.notes),
        )

    def _look(
        self, query: Query, options: SearchOptions, ends: float | None
    ) -> tuple[View, str | None]:
        """All cosines of the query, and the space that they were compared in, if any."""
        leaves = [node for node in walk(query.root) if isinstance(node, VectorLeaf)]
        space = options.space and self._source.space(options.space).space.name
        if space is None and any(leaf.space is None for leaf in leaves):
            encodes = any(leaf.needs_encoder() for leaf in leaves if leaf.space is None)
            space = self._source.choose_space(with_encoder=encodes)
        cosines = find_cosines(leaves, space, self._source, ends)
        compared = [found.space for found in cosines.values()]
        shown = space if space in compared else next(iter(compared), None)
        view = View(self.generation, self.layout, cosines, ends=ends, people=self._people)
        return view, shown

    def _list(
        self, view: View, root: Node, options: SearchOptions, offset: int, space: str | None
    ) -> tuple[tuple[Hit, ...], int, bool]:
        """One page of hits, the number of hits on all pages, and whether this is the last."""
        if not self.layout.n:
            return (), 0, True
        blocks = () if view.is_exact else BLOCKS
        settling = Settling(
            shot_scores(view.look(root), self.layout),
            Ranking(self.layout.videos.first_shot, options),
            lambda shots: CloseLook(view, root, shots, exact=True),
            blocks=blocks if options.distinct is None else STEPS,
        )
        if options.distinct is None:
            page = cut_page(settling, offset, options.k)
        else:
            show = self._show_in(space or options.space, settling)
            page = cut_distinct_page(settling, offset, options.k, show, options.distinct)
        return build_hits(settling, page, view, root, self.names), settling.total, page.is_last

    def _show_in(self, space: str | None, settling: Settling) -> Callable[[Indexes], Floats]:
        """What gives shots the vectors of their best rows, by default in the first space."""
        name = space or next(iter(self.generation.spaces), None)
        if name is None:
            raise QueryInvalid(
                "distinct: the collection has no vectors to tell by which hits look the same: "
                "index it with an encoder (--profile, --encoder), or leave it out"
            )
        return lambda shots: self._source.of_rows(name, settling.find_rows(shots))
