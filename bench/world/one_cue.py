"""How far one cue alone goes: relations and actions guessed from plans by a single kind of sign.

A world in which one cue tells all would measure nothing. Naive Bayes with counted, smoothed
likelihoods learns from the films of one split and is judged on those of another, by each cue
alone and by all together. Knows no pixels: its cues are free of the errors of seeing.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from math import log, sqrt

from bench.world.cue_reading import ActExample, PairExample, read_acts, read_pairs
from bench.world.plan import VideoPlan

Example = PairExample | ActExample
MOST_SHARE, LEAST_GAP = 0.7, 0.2  # of the best cue in all cues' accuracy; between the two


@dataclass(frozen=True)
class CueFigures:
    """Macro accuracies of one task: of each cue alone, of all together."""

    task: str
    classes: int
    learnt_from: int
    judged_on: int
    alone: tuple[tuple[str, float], ...]  # best first
    together: float

    @property
    def best_alone(self) -> float:
        """The accuracy of the best single cue."""
        return self.alone[0][1]

    @property
    def is_hard(self) -> bool:
        """Whether no cue alone goes far enough to make the others needless."""
        gap = self.together - self.best_alone
        return self.best_alone <= MOST_SHARE * self.together and gap >= LEAST_GAP

    def to_json(self) -> str:
        """All figures as a JSON object, with the chance of a blind guess."""
        figures = {**asdict(self), "alone": dict(self.alone), "chance": 1 / self.classes}
        return json.dumps(figures | {"is_hard": self.is_hard}, indent=2)


class _Bayes:
    """Naive Bayes over cues, each a few signs."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._signs: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._kinds: dict[str, set[str]] = defaultdict(set)
        self.labels: Counter[str] = Counter()
        for example in examples:
            self.labels[example.label] += 1
            for cue, signs in example.cues:
                self._signs[cue, example.label].update(signs)
                self._kinds[cue].update(signs)

    def guess(self, example: Example, cues: frozenset[str]) -> str:
        """The likeliest label by some of the cues; all labels are as likely beforehand."""
        scores = {label: 0.0 for label in sorted(self.labels)}
        for cue, signs in example.cues:
            if cue in cues:
                for label in scores:
                    scores[label] += self._weigh(cue, label, signs)
        return max(scores, key=lambda label: scores[label])

    def _weigh(self, cue: str, label: str, signs: tuple[str, ...]) -> float:
        counts, kinds = self._signs[cue, label], len(self._kinds[cue])
        total = log(counts.total() + kinds)
        weights = [log(counts[sign] + 1) - total for sign in signs]
        # Signs of one cue hang together: twenty words are no twenty witnesses.
        return sum(weights) / sqrt(max(1, len(weights)))


def judge_relations(learnt: Iterable[VideoPlan], judged: Iterable[VideoPlan]) -> CueFigures:
    """How well the relation of each related pair of a film is told, macro over eight classes."""
    return _judge("relations", _read(learnt, read_pairs), _read(judged, read_pairs))


def judge_actions(learnt: Iterable[VideoPlan], judged: Iterable[VideoPlan]) -> CueFigures:
    """How well each act of a shot is told, macro over all actions."""
    return _judge("actions", _read(learnt, read_acts), _read(judged, read_acts))


def _read(
    plans: Iterable[VideoPlan], reader: Callable[[VideoPlan], Iterator[Example]]
) -> list[Example]:
    return [example for plan in plans for example in reader(plan)]


def _judge(task: str, learnt: list[Example], judged: list[Example]) -> CueFigures:
    bayes = _Bayes(learnt)
    names = [cue for cue, _ in learnt[0].cues]
    alone = [(name, _score(bayes, judged, frozenset({name}))) for name in names]
    return CueFigures(
        task=task,
        classes=len(bayes.labels),
        learnt_from=len(learnt),
        judged_on=len(judged),
        alone=tuple(sorted(alone, key=lambda pair: -pair[1])),
        together=_score(bayes, judged, frozenset(names)),
    )


def _score(bayes: _Bayes, examples: list[Example], cues: frozenset[str]) -> float:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for example in examples:
        total[example.label] += 1
        right[example.label] += bayes.guess(example, cues) == example.label
    return round(sum(right[label] / count for label, count in total.items()) / len(total), 4)
