"""Looks whether answers fit together: what would show that two generations were mixed in one.

Inside an answer: ranks follow each other, scores fall, no shot comes twice. Against what is known
of the base: name, id, shot and moment of a hit belong together, and a shot has the same score for
the same question in every generation, so that vectors stand beside their own rows. Of films that
are added: the title that was found is that of the file. Which of them had to be there at all is
judged afterwards, in `ledger.py`. Knows no engine.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from bench.growth.base import KEYFRAME_MS, Base, id_of, name_video
from bench.growth.films import number_of, title_film
from search.hits import Hit, SearchResult

SAME = 5e-3  # scores that differ by less are equal: some are estimates, parts may be coded
Seen = tuple[str, str, int, int, int]  # name, id, start, end and moment of a shot of a film


class Mixed(Exception):
    """An answer that no single generation can have given; the message says why."""


class Checker:
    """Checks the answers of one process, one after the other."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._scores: dict[tuple[str, str], float] = {}  # of shots of the base, by question
        self.seen: set[Seen] = set()  # of films

    def check(self, question: str, result: SearchResult, *, same_scores: bool) -> None:
        """Look at one answer.

        Args:
            question: tells questions apart.
            result: the answer.
            same_scores: whether the score of a shot does not depend on what else there is.

        Raises:
            Mixed: something does not fit.
        """
        _check_order(result.hits)
        for hit in result.hits:
            if number_of(hit.video) is None:
                self._check_base(hit)
                if same_scores:
                    self._check_score(question, hit)
            else:
                self.seen.add((hit.video, hit.video_id, hit.start_ms, hit.end_ms, hit.time_ms))

    def find_films(self, result: SearchResult) -> frozenset[int]:
        """The numbers of the films that were found by the word that is in their titles.

        Raises:
            Mixed: the title that is shown is another film's.
        """
        numbers = []
        for hit in result.hits:
            number, title = number_of(hit.video), hit.why.evidence("found")
            if number is None or title_film(number) not in title:
                raise Mixed(f"{hit.video} was found by the title {title!r}")
            numbers.append(number)
        if len(set(numbers)) < len(numbers):
            raise Mixed("a film that is there once was found twice")
        return frozenset(numbers)

    def _check_base(self, hit: Hit) -> None:
        base, video = self._base, int(hit.video_id, 16)
        if (hit.video, hit.video_id) != (name_video(video), id_of(video)):
            raise Mixed(f"{hit.video} has the id {hit.video_id}")
        first, end = base.shape.first_shot[video : video + 2]
        begin_ms = base.begin_ms(video)
        starts = base.start_ms[first:end]
        shot = first + int(np.searchsorted(starts, hit.start_ms + begin_ms))
        span = tuple((base.start_ms[shot : shot + 2] - begin_ms).tolist())
        if shot >= end or span != (hit.start_ms, hit.end_ms):
            raise Mixed(f"{hit.video} has no shot from {hit.start_ms} to {hit.end_ms} ms")
        is_keyframe = hit.time_ms % KEYFRAME_MS == KEYFRAME_MS // 2
        if not is_keyframe or not hit.start_ms <= hit.time_ms < hit.end_ms:
            raise Mixed(f"{hit.shot} has no moment {hit.time_ms}")

    def _check_score(self, question: str, hit: Hit) -> None:
        before = self._scores.setdefault((question, hit.shot), hit.score)
        if abs(before - hit.score) > SAME:
            raise Mixed(f"{hit.shot} scored {before:.4f}, now {hit.score:.4f}: {question}")


def _check_order(hits: Sequence[Hit]) -> None:
    if [hit.rank for hit in hits] != list(range(1, len(hits) + 1)):
        raise Mixed("ranks do not follow each other")
    if any(later.score > hit.score + SAME for hit, later in pairwise(hits)):
        raise Mixed("scores rise")
    if len({hit.shot for hit in hits}) < len(hits):
        raise Mixed("a shot was found twice")
