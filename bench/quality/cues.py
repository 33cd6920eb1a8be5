"""Engines that rank shots by truth: by all facts that a caption states, or by one kind of them.

By all it is the most that any engine could reach with that caption; by one kind it tells how far
that cue goes alone. Looks at no picture and knows no metric.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.evaluate.hits import Span
from bench.world.captions import KINDS, state_facts
from bench.world.describing import Sight, see_shot
from bench.world.dice import Dice
from bench.world.one_cue_words import CUES, keep_facts, score_shots
from bench.world.stated import CaptionFacts
from bench.world.truth import Truth
from search.query import Query

ALL = "all"


@dataclass(frozen=True)
class _Told:
    """What truth says of all shots of some films, titles left out."""

    spans: tuple[Span, ...]
    sights: tuple[Sight, ...]
    facts: Mapping[str, CaptionFacts]  # by the caption that states them


class CueRanker:
    """Ranks true shots by how many of a caption's facts hold of them; answers captions only."""

    def __init__(self, told: _Told, captions: Sequence[str], prefixes: Sequence[str]) -> None:
        """Rank all shots for all captions.

        Args:
            told: what truth says.
            captions: that will be asked.
            prefixes: how the facts begin that are looked at.
        """
        self._spans = told.spans
        facts = [keep_facts(told.facts[caption], tuple(prefixes)) for caption in captions]
        # Equal scores come in a chance order, not in that of the films.
        order = np.array(Dice("ties", len(told.spans)).shuffle(range(len(told.spans))))
        scores = score_shots(facts, told.sights)[:, order]
        ranked = order[np.argsort(-scores, axis=1, kind="stable")]
        self._ranked = dict(zip(captions, ranked, strict=True))

    def rank(self, query: Query, k: int) -> Sequence[Span]:
        """The k shots of which most of the caption's facts hold.

        Raises:
            KeyError: the query is none of the captions.
        """
        shots = self._ranked[getattr(query.root, "text", "")][:k]
        return [self._spans[shot] for shot in shots.tolist()]


def rank_by_cues(
    films: Sequence[Truth], captions: Sequence[str]
) -> Iterator[tuple[str, str, CueRanker]]:
    """A ranker for all facts, then one for each kind of them, each with its name and what it is.

    Args:
        films: their truths.
        captions: of their shots, which will be asked.
    """
    told, asked = _tell(films), list(dict.fromkeys(captions))
    yield "oracle", "truth, all that the caption states", CueRanker(told, asked, CUES[ALL])
    for cue, prefixes in CUES.items():
        if cue != ALL:
            says = "truth, by that alone of what it states"
            yield f"only {cue}", says, CueRanker(told, asked, prefixes)


def _tell(films: Sequence[Truth]) -> _Told:
    shots = [(film, shot) for film in films for shot in film.shots if shot.captions is not None]
    return _Told(
        tuple(Span(film.id, shot.start_ms, shot.end_ms) for film, shot in shots),
        tuple(see_shot(film, shot) for film, shot in shots),
        {
            getattr(shot.captions, kind): state_facts(film, shot, kind)
            for film, shot in shots
            for kind in KINDS
        },
    )
