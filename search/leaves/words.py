"""Leaf: words that were read, said, or stand in a subtitle, title or caption.

Filters and scores. Knows no grammar of expressions; `indexer/generations/expression.py` does.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from analyzers.finding import WordsKind
from search.layout import Indexes, Layout, Places, expand, find_places, first_of_each
from search.node import Node
from search.outcome import Counts, Evidence, Outcome, Score

if TYPE_CHECKING:
    from indexer.generations.generation import Words
    from indexer.generations.postings import WordMatches
    from search.hits import Why
    from search.view import View

Where = Literal["any", "read", "said", "subtitle", "title", "caption"]
HALF = 5.0  # the BM25 that scores one half
SHOWN = 500  # characters of the matching text that `why` shows


class WordsLeaf(Node):
    """Keeps shots whose words match a full-text expression, and scores them by BM25.

    The expression: `words` (all must occur), `"a phrase"`, `prefix*`, `*substring*`.
    """

    kind: Literal["words"] = "words"
    text: str = Field(min_length=1, max_length=2000)
    where: Where = Field("any", description="Which words count.")

    @property
    def filters(self) -> bool:
        """Always."""
        return True

    @property
    def scores(self) -> bool:
        """Always."""
        return True

    def evaluate(self, view: "View") -> Outcome:
        """A shot scores by the best of its documents: b / (b + 5), b its BM25."""
        layout, words = view.layout, view.generation.words
        kinds = tuple(WordsKind) if self.where == "any" else (WordsKind(self.where),)
        found = _Found(words.find(self.text, kinds), words, layout)

        def evidence(places: Places) -> list[Evidence]:
            asked = {"asked": self.text, "where": self.where}
            return [{**asked, **told} for told in found.tell(places.shots)]

        return Outcome(
            self.kind,
            found.best > 0,
            Score(found.best / (found.best + np.float32(HALF)), by_row=False),
            shown=found.shown,
            evidence=evidence,
        )

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """From BM25."""
        bm25 = float(why.evidence("bm25"))
        return bm25 / (bm25 + HALF)


class _Found:
    """The documents that match, and the best of each shot."""

    def __init__(self, matches: "WordMatches", words: "Words", layout: Layout) -> None:
        self._docs, self._bm25 = matches.docs, matches.bm25
        self._table, self._layout = words.documents, layout
        self._first = self._table.first_shot[self._docs].astype(np.int64)
        self._last = self._table.last_shot[self._docs].astype(np.int64)
        self.best = np.zeros(layout.s, np.float32)  # (s,) BM25, 0 where none matches
        one = np.flatnonzero(self._first == self._last)  # nearly all: no need to expand them
        np.maximum.at(self.best, self._first[one], self._bm25[one])
        owner, shots = self._shots_of(np.flatnonzero(self._first < self._last))
        np.maximum.at(self.best, shots, self._bm25[owner])

    def shown(self, places: Places) -> Counts:
        """(k,) 1 for rows at whose time the best document of their shot holds."""
        some = self._matches_in(places.shots)
        docs = self._docs[some]
        owner, rows = expand(
            self._table.first_row[docs].astype(np.int64), self._table.end_row[docs].astype(np.int64)
        )
        best = self._bm25[some[owner]] >= self.best[self._layout.rows.shot[rows]]
        return np.isin(places.rows, rows[best]).astype(np.uint8)

    def tell(self, shots: Indexes) -> list[Evidence]:
        """Of each shot (k,) its best document, the earliest of equals; {} without one."""
        owner, shot = self._shots_of(self._matches_in(shots))
        best = (self._bm25[owner] >= self.best[shot]) & np.isin(shot, shots)
        owner, shot = owner[best], shot[best]
        docs = self._docs[owner]
        order = np.argsort(shot, kind="stable")
        owner, shot, docs = owner[order], shot[order], docs[order]
        first = first_of_each(shot, self._table.start_ms[docs], docs)
        told = self._tell(owner[first])
        place = find_places(shot[first], shots).tolist()
        return [dict(told[number]) if number >= 0 else {} for number in place]

    def _matches_in(self, shots: Indexes) -> Indexes:
        """The numbers of the matches that overlap any of some shots."""
        asked = np.zeros(self._layout.s + 1, np.int32)
        asked[shots + 1] = 1
        before = np.cumsum(asked, dtype=np.int32)
        return np.flatnonzero(before[self._last + 1] > before[self._first])

    def _shots_of(self, some: Indexes) -> tuple[Indexes, Indexes]:
        """Every pair of a match, by its number, and a shot that it overlaps."""
        owner, shots = expand(self._first[some], self._last[some] + 1)
        return some[owner], shots

    def _tell(self, matches: Indexes) -> list[Evidence]:
        """What the evidence of some matches is, by their numbers."""
        docs, table = self._docs[matches], self._table
        columns = zip(
            [table.text(doc)[:SHOWN] for doc in docs.tolist()],
            [str(table.kinds[kind]) for kind in table.kind[docs].tolist()],
            table.start_ms[docs].tolist(),
            table.end_ms[docs].tolist(),
            self._bm25[matches].tolist(),
            strict=True,
        )
        names = ("found", "source", "start_ms", "end_ms", "bm25")
        return [dict(zip(names, column, strict=True)) for column in columns]
