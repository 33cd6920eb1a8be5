"""Leaf: words that were read, said, or stand in a subtitle, title or caption.

Filters and scores. Knows no grammar of expressions; `indexer/generations/expression.py` does.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analyzers.finding import WordsKind
from search.layout import Layout, expand
from search.node import Node
from search.outcome import Outcome

if TYPE_CHECKING:
    from indexer.generations.postings import Postings, WordMatches
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
        layout, postings = view.layout, view.generation.words
        kinds = tuple(WordsKind) if self.where == "any" else (WordsKind(self.where),)
        matches = postings.find(self.text, kinds)
        best = _best_of_shots(matches, postings, layout)
        bm25 = layout.spread(best)
        mask = bm25 > 0
        at = layout.nowhere()
        at[_rows_shown(matches, postings, layout, best)] = 1

        def evidence(row: int) -> dict[str, object]:
            found = _found(matches, postings, layout, row) if mask[row] else {}
            return {"asked": self.text, "where": self.where, **found}

        return Outcome(self.kind, mask, bm25 / (bm25 + HALF), layout.all(), at, evidence)

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """From BM25."""
        bm25 = float(why.evidence("bm25"))
        return bm25 / (bm25 + HALF)


def _best_of_shots(
    matches: "WordMatches", postings: "Postings", layout: Layout
) -> NDArray[np.float64]:
    """(s,) the best BM25 among the documents of each shot, 0 where none matches."""
    table, docs = postings.documents, matches.docs
    first = table.first_shot[docs].astype(np.int64)
    owner, shots = expand(first, table.last_shot[docs].astype(np.int64) + 1)
    best = np.zeros(len(layout.shots))
    np.maximum.at(best, shots, matches.bm25[owner].astype(np.float64))
    return best


def _rows_shown(
    matches: "WordMatches", postings: "Postings", layout: Layout, best: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The rows at whose time the best document of their shot holds."""
    table, docs = postings.documents, matches.docs
    spans = layout.row_spans(table.video[docs], table.start_ms[docs], table.end_ms[docs])
    owner, rows = expand(*spans)
    return rows[matches.bm25[owner] >= best[layout.rows.shot[rows]]]


def _found(
    matches: "WordMatches", postings: "Postings", layout: Layout, row: int
) -> dict[str, object]:
    """The best document of the row's shot, the earliest of equals."""
    table, shot = postings.documents, layout.rows.shot[row]
    holds = (table.first_shot[matches.docs] <= shot) & (table.last_shot[matches.docs] >= shot)
    docs, bm25 = matches.docs[holds], matches.bm25[holds]
    best = np.lexsort((docs, table.start_ms[docs], -bm25))[0]
    doc = int(docs[best])
    return {
        "found": postings.documents.text(doc)[:SHOWN],
        "source": str(table.kinds[table.kind[doc]]),
        "start_ms": int(table.start_ms[doc]),
        "end_ms": int(table.end_ms[doc]),
        "bm25": float(bm25[best]),
    }
