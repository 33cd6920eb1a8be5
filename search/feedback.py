"""Relevance feedback: what is believed of every row, and what likes and dislikes make of it.

A belief is the probability that a row is the one that somebody looks for. It starts from the scores
of a query, or the same everywhere; a round says which of the shown rows are more like what is
looked for (liked) than the others (disliked). Everything is about all rows, not about a list of the
best. Knows no session, no screen, no query.

Source: Bayesian relevance feedback as in PicHunter (Cox et al. 2000, The Bayesian Image Retrieval
System, PicHunter), and with several likes and a prior from text as in CVHunter (Video Browser
Showdown 2023) and PicHunter++. The printed formulas of the last two have slips: the exponent is
`-distance / sigma`, and the sum in the denominator runs over what was shown and not liked.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from indexer.generations.kernel import count_threads
from indexer.generations.space_index import SpaceIndex
from search.layout import Indexes, Layout
from search.options import SearchOptions
from search.ranking import Ranking

LEAST_SCORE = 1e-6  # of a row at the start: nothing is impossible
POWER = 4.0  # of the scores at the start: how long the query outweighs the likes
SIGMA = 1.0  # of the distances 1 - cosine; 0.1 and less learn much faster, bad examples too
LEAST_SIGMA = 1e-6  # of less, distances would become too large for a number
BLOCK_NUMBERS = 1 << 22  # cosines that are taken at once: 16 MB
PIECE_ROWS = 1 << 14  # that one thread works on at a time: with a dozen likes they fit its cache

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class FeedbackState:
    """What is believed of n rows."""

    log_p: Floats  # (n,) logarithm of the probability, up to a constant: the largest is 0


@dataclass(frozen=True, eq=False)
class Block:
    """How near some neighbouring rows are to what was liked, and to what was not.

    Cosines, or distances with a minus: only differences count. NaN where a row has no vector.
    """

    first: int  # the first of b rows
    liked: Floats  # (a, b)
    disliked: Floats  # (x, b)


def start_feedback(scores: Floats | None, rows: int, *, power: float = POWER) -> FeedbackState:
    """The belief before any like.

    Args:
        scores: (n,) of a query, larger is better, taken between 1e-6 and 1 and raised to the power;
            NaN counts as the least. None: every row is as likely as any other.
        rows: n.
        power: how much the query counts beside the likes.
    """
    if scores is None:
        return FeedbackState(np.zeros(rows, np.float32))
    assert scores.shape == (rows,), "a score for each row"
    log_p = np.fmax(scores.astype(np.float32), np.float32(LEAST_SCORE))
    np.log(np.minimum(log_p, 1, out=log_p), out=log_p)
    log_p *= np.float32(power)
    return FeedbackState(_topped(log_p))


def learn(
    state: FeedbackState,
    space: SpaceIndex,
    liked: Sequence[int],
    disliked: Sequence[int],
    *,
    sigma: float = SIGMA,
) -> FeedbackState:
    """The belief after a round of likes, by the vectors of one space, read once for all of them.

    Args:
        state: before.
        space: in which rows are compared, each by its best vector.
        liked: rows; those without a vector say nothing.
        disliked: rows that were shown beside them; without any, nothing is learnt.
        sigma: see `update`.
    """
    asked = [[space.vectors_of(row) for row in rows] for rows in (liked, disliked)]
    groups = [[vectors for vectors in side if len(vectors)] for side in asked]
    if not all(groups):
        return state
    return update(state, _compare(space, *groups), sigma=sigma)


def update(state: FeedbackState, blocks: Iterable[Block], *, sigma: float = SIGMA) -> FeedbackState:
    """The belief after a round of likes, by how near all rows are to what was liked and what not.

    For every row i, with c the cosine, likes l and dislikes x:
    `p(i) *= product over l of e(l) / (e(l) + sum over x of e(x))`, `e(j) = exp(c(i, j) / sigma)`:
    how likely it is that whoever looks for i prefers each l to all x. Without dislikes, or likes,
    nothing is learnt. A row without a vector keeps its probability among all rows.

    Args:
        state: before; not changed.
        blocks: together all rows, each once; a block is not looked at after the next is asked for.
        sigma: of the distances, at least 1e-6: the smaller, the more one round says.
    """
    assert sigma >= LEAST_SIGMA, "a sigma of the order of distances"
    log_p = state.log_p.copy()
    known = np.ones(len(log_p), bool)
    with ThreadPoolExecutor(count_threads()) as pool:
        for block in blocks:
            if len(block.liked) and len(block.disliked):
                list(pool.map(partial(_learn_piece, log_p, known, sigma), _cut(block)))
    if not known.all() and known.any():
        log_p[~known] += _log_sum(log_p[known]) - _log_sum(state.log_p[known])
    return FeedbackState(_topped(log_p))


def believe_shots(state: FeedbackState, layout: Layout) -> Floats:
    """(s,) how likely each shot is, by its likeliest row: `1 / (1 - log p)`, 1 for the best of all.

    In the order of the probabilities, which themselves would soon be too small for a number; a
    half where a shot is e times less likely than the best. `layout` is that of the state's rows.
    """
    return np.reciprocal(1 - layout.best_of_shots(state.log_p))


def list_believed(
    state: FeedbackState, layout: Layout, options: SearchOptions, count: int
) -> Indexes:
    """The first so many shots, the likeliest first, listed by options as of a search.

    `min_score` is asked of what `believe_shots` gives.
    """
    ranking = Ranking(layout.videos.first_shot, options)
    return ranking.list_first(believe_shots(state, layout), count)


def _compare(
    space: SpaceIndex, liked: Sequence[Floats], disliked: Sequence[Floats]
) -> Iterator[Block]:
    """All rows beside groups of vectors (k, dim), each by the nearest vector of the group."""
    groups = [*liked, *disliked]
    sizes = [len(vectors) for vectors in groups]
    starts = np.cumsum([0, *sizes[:-1]])
    vectors = np.concatenate(groups)
    for first, cosines in space.row_blocks(vectors, max(BLOCK_NUMBERS // len(vectors), 1)):
        if max(sizes) > 1:
            cosines = np.maximum.reduceat(cosines, starts, axis=0)
        yield Block(first, cosines[: len(liked)], cosines[len(liked) :])


def _cut(block: Block) -> Iterator[Block]:
    """A block in pieces."""
    for start in range(0, block.liked.shape[1], PIECE_ROWS):
        piece = slice(start, start + PIECE_ROWS)
        yield Block(block.first + start, block.liked[:, piece], block.disliked[:, piece])


def _learn_piece(log_p: Floats, known: NDArray[np.bool_], sigma: float, piece: Block) -> None:
    """Add what these rows learn to `log_p`, and clear `known` where they have no vector.

    With `exp(z(l))` the sum beside `e(l)`, each l costs `log(1 + exp(z))`, taken as
    `max(z, 0) + log(1 + exp(-|z|))`, and the sum is taken beside its largest term: nothing
    overflows.
    """
    scale = np.float32(1 / sigma)
    nearest = piece.disliked.max(axis=0)
    terms = piece.disliked - nearest
    terms *= scale
    log_sum = np.log(np.exp(terms, out=terms).sum(axis=0))
    z = nearest - piece.liked
    z *= scale
    z += log_sum
    loss = np.maximum(z, 0).sum(axis=0)
    np.negative(np.abs(z, out=z), out=z)
    np.exp(z, out=z)
    z += 1
    loss += np.log(z, out=z).sum(axis=0)
    rows = slice(piece.first, piece.first + len(loss))
    lost = np.isnan(loss)
    known[rows] = ~lost
    loss[lost] = 0
    log_p[rows] -= loss


def _log_sum(log_p: Floats) -> np.float32:
    """The logarithm of the sum of probabilities (k,), k > 0."""
    most = log_p.max()
    return np.float32(most + np.log(np.exp(log_p - most).sum(dtype=np.float64)))


def _topped(log_p: Floats) -> Floats:
    """The same belief with 0 as the largest, in place."""
    if len(log_p):
        log_p -= log_p.max()
    return log_p
