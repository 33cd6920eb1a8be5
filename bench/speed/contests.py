"""What is timed of ours: the questions that people ask, each with 1,000 hits by video.

Knows no peer and no figure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.speed.asking import ask, leaf
from bench.speed.collection import LABELS, SPACE, Plan, name_label
from bench.speed.race import Entrant
from bench.speed.words import draw_documents, draw_frequent_pairs, draw_log_pairs
from search.engine import SearchEngine
from search.feedback import learn, list_believed, start_feedback
from search.joins.all_of import AllOf
from search.joins.then import Then
from search.leaves.label import LabelLeaf
from search.leaves.words import WordsLeaf
from search.options import SearchOptions
from search.query import AnyNode

OURS = "ours"
HITS = 1000
LEAF = "one text leaf"
SCORES = "one text leaf, every score"
THEN = "then of two stages"
FEW = "leaf and a label on 1 % of rows"
HALF = "leaf and a label on 50 % of rows"
FEEDBACK = "feedback round, 4 liked, 10 not"
LOG_WORDS = "two words of a query log"
FREQUENT_WORDS = "two of the most frequent words"
LABEL_RANKS = {FEW: 49, HALF: 0}
LIKED, SHOWN = 4, 14


@dataclass(frozen=True)
class Asked:
    """The word queries of one collection."""

    log_pairs: Sequence[str]
    frequent_pairs: Sequence[str]


def draw_asked(plan: Plan, count: int) -> Asked:
    """So many pairs of words of each kind."""
    parts = [next(plan.shape.parts())]
    lengths = plan.lengths()
    texts = next(draw_documents(lengths, parts, plan.seed))
    return Asked(
        draw_log_pairs(count, texts, lengths, plan.seed), draw_frequent_pairs(count, plan.seed)
    )


def list_contests(engine: SearchEngine, plan: Plan, asked: Asked) -> list[Entrant]:
    """Everything of ours that is timed, by the names above."""
    assert max(LABEL_RANKS.values()) < LABELS
    space = engine.generation.spaces[SPACE]
    queries = plan.queries(64)
    rows = np.random.default_rng([plan.seed, 14]).integers(plan.keyframes, size=(64, SHOWN))
    believed = start_feedback(space.row_scores(queries[:1])[0], plan.keyframes)
    options = SearchOptions(k=HITS, group="video")

    def feed_back(number: int) -> object:
        shown = rows[number % len(rows)].tolist()
        after = learn(believed, space, shown[:LIKED], shown[LIKED:])
        return list_believed(after, engine.layout, options, HITS)

    def search(make: Callable[[int], AnyNode]) -> Callable[[int], object]:
        return lambda number: ask(engine, make(number), HITS, by_video=True)

    acts: dict[str, Callable[[int], object]] = {
        LEAF: search(leaf),
        SCORES: lambda number: space.row_scores(queries[number % 64][None]),
        THEN: search(lambda number: Then(stages=(leaf(number), leaf(number + 1)))),
        **{name: search(_with_label(name_label(at))) for name, at in LABEL_RANKS.items()},
        FEEDBACK: feed_back,
        LOG_WORDS: search(_of_words(asked.log_pairs)),
        FREQUENT_WORDS: search(_of_words(asked.frequent_pairs)),
    }
    return [Entrant(name, OURS, act) for name, act in acts.items()]


def _with_label(name: str) -> Callable[[int], AnyNode]:
    return lambda number: AllOf(children=(leaf(number), LabelLeaf(name=name)))


def _of_words(pairs: Sequence[str]) -> Callable[[int], AnyNode]:
    return lambda number: WordsLeaf(text=pairs[number % len(pairs)])
