"""A second look at a few shots: their exact cosines, and why they are where they are.

The query is evaluated once more on an excerpt: those shots and what the query reaches from them,
such as the windows of `then`. A leaf says there what it said of the whole; only cosines that were
estimates are taken anew, and everything above them is worked out again. Knows no kind of node.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from search.cosines import rescore
from search.hits import Why
from search.layout import Excerpt, Floats, Indexes, Layout, Places, first_of_each
from search.moments import best_rows, shot_scores
from search.node import Node
from search.outcome import Outcome, Score
from search.vector_leaf import VectorLeaf
from search.view import Cosines, View

Answer = TypeVar("Answer")


class CloseLook:
    """What a query says of a few shots.

    Args:
        view: of the first look, at everything.
        root: the query.
        shots: (k,) ascending.
        exact: whether estimates give way to cosines.

    Raises:
        QueryTooSlow: the time that the query may take is over.
    """

    def __init__(self, view: View, root: Node, shots: Indexes, *, exact: bool) -> None:
        def off(leaf: Node) -> float:
            found = view.cosines.get(leaf) if isinstance(leaf, VectorLeaf) else None
            return found.score_error if exact and found else 0.0

        asked = [(root, shots), *root.reach(view, shots, off)]
        needed = np.zeros(view.layout.s, bool)
        for _, some in asked:
            needed[some] = True
        self._layout = Excerpt(view.layout, np.flatnonzero(needed))
        self._places = np.searchsorted(self._layout.shot_numbers, shots)  # (k,) of the shots here
        self.shots = shots
        cosines = {leaf: _cut_cosines(one, self._layout) for leaf, one in view.cosines.items()}
        for leaf, rows in _rows_to_rescore(view, asked, off).items():
            here = np.searchsorted(self._layout.row_numbers, rows)
            cosines[leaf].values[here] = rescore(view.cosines[leaf], rows)
        said = {
            node: _cut(one, self._layout)
            for node, one in view.said.items()
            if not node.parts and node not in cosines
        }
        close = View(view.generation, self._layout, cosines, ends=view.ends, said=said)
        self._outcome = close.look(root)

    def scores(self) -> Floats:
        """(k,) the score of each shot, below 0 where it is no hit."""
        return shot_scores(self._outcome, self._layout)[self._places]

    def explain(self, shots: Indexes) -> tuple[Indexes, list[Why]]:
        """The best row of each of some of the shots, and the reasons there."""
        best = self._find_best(shots)
        return self._layout.row_numbers[best.rows], self._outcome.explain(best)

    def find_rows(self, shots: Indexes) -> Indexes:
        """The best row of each of some of the shots."""
        return self._layout.row_numbers[self._find_best(shots).rows]

    def _find_best(self, shots: Indexes) -> Places:
        here = self._places[np.searchsorted(self.shots, shots)]
        return best_rows(self._outcome, self._layout, here)


def _rows_to_rescore(
    view: View, asked: Sequence[tuple[Node, Indexes]], off: Callable[[Node], float]
) -> dict[VectorLeaf, Indexes]:
    """The rows, ascending, of each leaf whose estimates decide what a shot is worth.

    Where a node is asked for the best of a shot's rows, those that seem worse by more than two may
    be off cannot be it.
    """
    rows: dict[VectorLeaf, list[Indexes]] = {}
    for node, shots in asked:
        leaves = [leaf for leaf in _leaves_by_row(node) if off(leaf)]
        if leaves:
            near = _find_near(view.look(node), view.layout, shots, 2 * node.error(off))
            for leaf in leaves:
                rows.setdefault(leaf, []).append(near)
    return {leaf: np.unique(np.concatenate(parts)) for leaf, parts in rows.items()}


def _leaves_by_row(node: Node) -> Iterator[VectorLeaf]:
    """The vector leaves that a node takes row by row."""
    if isinstance(node, VectorLeaf):
        yield node
    for part in node.parts_by_row:
        yield from _leaves_by_row(part)


def _find_near(said: Outcome, layout: Layout, shots: Indexes, slack: float) -> Indexes:
    """The rows that score at most so much less than the best of their shot (k,); of filters all."""
    owner, places = layout.places_in(shots)
    if said.score is None:
        return places.rows
    score = said.score.find(places)
    best = score[first_of_each(owner, -score)]
    return places.rows[score >= best[owner] - slack]


def _cut_cosines(found: Cosines, excerpt: Excerpt) -> Cosines:
    rows = excerpt.row_numbers
    known = None if found.known is None else found.known[rows]
    return replace(found, values=found.values[rows], known=known)


def _cut(said: Outcome, excerpt: Excerpt) -> Outcome:
    """What a leaf said of the whole, as of an excerpt."""
    score = said.score
    if score is not None:
        numbers = excerpt.row_numbers if score.by_row else excerpt.shot_numbers
        score = Score(score.values[numbers], score.by_row)

    def of_whole(ask: Callable[[Places], Answer]) -> Callable[[Places], Answer]:
        return lambda places: ask(excerpt.numbers_of(places))

    return Outcome(
        said.kind,
        None if said.holds is None else said.holds[excerpt.shot_numbers],
        score,
        None if said.known is None else of_whole(said.known),
        None if said.shown is None else of_whole(said.shown),
        of_whole(said.evidence),
    )
