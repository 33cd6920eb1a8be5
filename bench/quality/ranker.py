"""Engines that tasks are put to: the product's own, and worse ones made from it on purpose.

Knows no task and no metric.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from analyzers.error import SettingsError
from analyzers.profiles import suggest
from bench.evaluate.hits import Span
from bench.world.dice import Dice
from search.joins.all_of import AllOf
from search.joins.then import Then
from search.query import Query


class Ranker(Protocol):
    """Something that answers queries."""

    def rank(self, query: Query, k: int) -> Sequence[Span]:
        """The k best stretches, best first; fewer if there are fewer."""


class Product:
    """The product's engine on a collection on disk."""

    def __init__(self, collection: Path, encoder: str | None = None) -> None:
        """Open the collection.

        Args:
            collection: its folder.
            encoder: in whose space texts and pictures are compared, as `index --encoder` took it;
                that of the first space by default.

        Raises:
            CollectionMissing: there is none.
            SettingsError: it has no space of this encoder.
        """
        from search.encoders import Encoders
        from search.engine import SearchEngine
        from search.opening import open_newest

        self._engine = SearchEngine(open_newest(collection), Encoders())
        spaces = self._engine.generation.spaces
        self._spaces = {index.space.encoder: name for name, index in spaces.items()}
        if encoder is not None and encoder not in self._spaces:
            hint = suggest(encoder, self._spaces)
            raise SettingsError(f"the collection has no space of the encoder {encoder}{hint}")
        self.encoder = encoder or next(iter(self._spaces), "")

    @property
    def encoders(self) -> tuple[str, ...]:
        """Those in whose spaces the collection can be searched."""
        return tuple(self._spaces)

    def find_spans(self) -> list[Span]:
        """Every shot of the collection, by video and time."""
        layout = self._engine.layout
        names = [Path(name).stem for name in self._engine.names]
        return [
            Span(names[video], start, end)
            for video, start, end in zip(
                layout.shots.video.tolist(),
                layout.shots.start_ms.tolist(),
                layout.shots.end_ms.tolist(),
                strict=True,
            )
        ]

    def rank(self, query: Query, k: int) -> Sequence[Span]:
        """The hits of a search, as the product lists them."""
        from search.options import SearchOptions

        found = self._engine.search(query, SearchOptions(k=k, space=self._spaces.get(self.encoder)))
        return [Span(Path(hit.video).stem, hit.start_ms, hit.end_ms) for hit in found.hits]


class Chance:
    """All shots in an order that has nothing to do with the query."""

    def __init__(self, spans: Sequence[Span], seed: int = 0) -> None:
        self._spans, self._seed = spans, seed

    def rank(self, query: Query, k: int) -> Sequence[Span]:
        """A chance order, the same for the same query."""
        return Dice("chance", self._seed, query.model_dump_json()).sample(self._spans, k)


class Shuffled:
    """Another ranker whose lower half comes in a chance order: it should measure worse."""

    def __init__(self, inner: Ranker, seed: int = 0) -> None:
        self._inner, self._seed = inner, seed

    def rank(self, query: Query, k: int) -> Sequence[Span]:
        """The upper half as it was, the lower half shuffled."""
        spans = list(self._inner.rank(query, k))
        half = len(spans) // 2
        dice = Dice("shuffled", self._seed, query.model_dump_json())
        return [*spans[:half], *dice.shuffle(spans[half:])]


class Forgetful:
    """Another ranker that is not told the last part of each query: it should measure worse."""

    def __init__(self, inner: Ranker) -> None:
        self._inner = inner

    def rank(self, query: Query, k: int) -> Sequence[Span]:
        """What the inner one finds for the query without the last part of its join."""
        root = query.root
        if isinstance(root, Then):
            return self._inner.rank(Query(root=root.stages[0]), k)
        if isinstance(root, AllOf) and len(root.children) > 1:
            return self._inner.rank(Query(root=AllOf(children=root.children[:-1])), k)
        return self._inner.rank(query, k)
