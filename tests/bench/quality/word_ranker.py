"""A small honest engine in memory: it knows of each shot what all its captions say, dimly or well.

No product, no pictures: for tests of what is measured.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.evaluate.hits import Span
from bench.world.truth import Truth
from search.joins.then import Then
from search.leaves.text import TextLeaf
from search.query import Query


class WordRanker:
    """Ranks shots by the rare words that they share with a text; `then` looks three shots ahead."""

    def __init__(self, films: Sequence[Truth], dimness: float = 0.0) -> None:
        """Learn the words.

        Args:
            films: whose shots are ranked.
            dimness: noise in the scores, as a share of what there is to see.
        """
        told = [(film.id, shot) for film in films for shot in film.shots if shot.captions]
        self.spans = [Span(video, shot.start_ms, shot.end_ms) for video, shot in told]
        texts = [_say(shot.captions) for _, shot in told]
        words = sorted({word for text in texts for word in text})
        self._columns = {word: column for column, word in enumerate(words)}
        marks = np.stack([self._mark(text) for text in texts])
        self._weights = np.log(len(texts) / marks.sum(axis=0))
        self._shots = _to_unit(marks * self._weights)
        self._dimness = dimness

    def rank(self, query: Query, k: int) -> Sequence[Span]:
        """The k shots that share most."""
        root = query.root
        if isinstance(root, Then):
            first, second = (self._score(stage) for stage in root.stages)
            scores = first + self._best_ahead(second)
        else:
            scores = self._score(root)
        return [self.spans[shot] for shot in np.argsort(-scores, kind="stable")[:k].tolist()]

    def _score(self, node: object) -> NDArray[np.float64]:
        assert isinstance(node, TextLeaf)
        asked = _to_unit(self._mark(node.text.lower().split()) * self._weights)
        noise = np.random.default_rng(len(node.text)).standard_normal(len(self.spans))
        return np.asarray(self._shots @ asked + self._dimness * noise)

    def _best_ahead(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        best = np.zeros_like(scores)
        for ahead in (1, 2, 3):
            pairs = zip(self.spans, self.spans[ahead:], strict=False)
            same = [one.video == other.video for one, other in pairs]
            best[:-ahead] = np.maximum(best[:-ahead], np.where(same, scores[ahead:], 0))
        return best

    def _mark(self, words: Sequence[str]) -> NDArray[np.float64]:
        marks = np.zeros(len(self._columns))
        marks[[self._columns[word] for word in words if word in self._columns]] = 1
        return marks


def _say(captions: object) -> list[str]:
    kinds = ("terse", "novice", "expert")
    return " ".join(str(getattr(captions, kind)) for kind in kinds).lower().split()


def _to_unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9))
