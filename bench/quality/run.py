"""A whole quality run: every task of a dataset put to an engine. Knows no dataset's making."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, groupby

from bench.evaluate.cuts import ShotFigures, centre_transitions, count_videos
from bench.evaluate.hits import Span
from bench.evaluate.intervals import Interval
from bench.origin import find_origin
from bench.quality.dataset import Dataset
from bench.quality.figures import QualityFigures, TaskScores
from bench.quality.measuring import (
    bound_recall,
    compare,
    judge_ad_hoc,
    judge_known,
    put,
    score_each,
)
from bench.quality.ranker import Ranker
from bench.quality.task import Ranked, Task
from bench.world.truth import Truth

TOLERANCE_MS = 80  # two frames, as in the published figures of shot detectors

Tell = Callable[[int, int], None]  # queries that were put, of all


class QualityRun:
    """Puts the tasks of a dataset to an engine and counts the time."""

    def __init__(self, data: Dataset, ranker: Ranker, tell: Tell = lambda done, of: None) -> None:
        """Prepare.

        Args:
            data: what is asked, and what is right.
            ranker: the engine that is judged.
            tell: hears how far the run is.
        """
        self._data, self._ranker, self._tell = data, ranker, tell
        self._done = 0

    def measure(self, space: str, found: Sequence[Span] = ()) -> QualityFigures:
        """All figures but baselines and targets.

        Args:
            space: the name of the space that is judged, for people.
            found: the shots that the product made, by video and time.
        """
        tasks, origin, began = self._data.tasks, find_origin(), time.perf_counter()
        texts = {kind: self._put(some) for kind, some in tasks.known_by_text.items()}
        alone = self._put([alone for alone, _ in tasks.pairs])
        both = self._put([both for _, both in tasks.pairs])
        pictures, topics = self._put(tasks.by_picture), self._put(tasks.topics)
        asking_s = round(time.perf_counter() - began, 2)
        return QualityFigures(
            dataset=self._data.name,
            space=space,
            shots=len(found),
            films=len(self._data.films),
            known_by_text={kind: judge_known(answers) for kind, answers in texts.items()},
            by_picture=judge_known(pictures),
            pairs={"single": judge_known(alone), "then": judge_known(both)},
            then_gains=compare(both, alone) if both else Interval(0.0, 0.0, 0.0),
            ad_hoc=judge_ad_hoc(topics),
            recall_10={kind: bound_recall(some, 10) for kind, some in texts.items() if some},
            cuts=judge_shots(self._data.films, found) if self._data.films else None,
            baselines=(),
            targets=(),
            seconds={**self._data.seconds, "asking": asking_s},
            origin=origin,
            scores=_list_scores([*chain(*texts.values()), *pictures, *alone, *both, *topics]),
        )

    def _put(self, tasks: Sequence[Task]) -> list[Ranked]:
        return put(tasks, self._ranker, self._count)

    def _count(self) -> None:
        self._done += 1
        self._tell(self._done, self._data.tasks.count)


def _list_scores(answers: Sequence[Ranked]) -> TaskScores:
    scores: dict[str, dict[str, float]] = {}
    for answer, score in zip(answers, score_each(answers).tolist(), strict=True):
        scores.setdefault(answer.task.kind, {})[answer.task.id] = round(score, 6)
    return scores


def judge_shots(films: Iterable[Truth], found: Iterable[Span]) -> ShotFigures:
    """The product's borders beside the true transitions, micro-averaged over films.

    Args:
        films: their truths.
        found: the shots that the product made, by video and time.
    """
    borders: Mapping[str, list[int]] = {
        video: [span.start_ms for span in spans][1:]
        for video, spans in groupby(found, key=lambda span: span.video)
    }
    pairs = []
    for film in films:
        starts = [float(shot.start_ms) for shot in film.shots]
        true = centre_transitions(starts, [float(shot.transition_ms) for shot in film.shots])
        pairs.append(([(at, at) for at in borders.get(film.id, [])], true))
    return count_videos(pairs, TOLERANCE_MS)
