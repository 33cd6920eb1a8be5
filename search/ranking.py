"""Puts the shots that were found in order. Knows no query.

Scores are (s,) over all shots of a generation, below 0 where a shot is no hit. Of equals the
earlier comes first.
"""

import numpy as np

from indexer.generations.kernel import best_of_spans
from search.layout import Floats, Indexes, expand
from search.options import SearchOptions
from search.outcome import Mask

SAMPLE = 16_384  # scores, from which the least of the best is guessed
WIDER = 2  # hits of a video beyond its limit that compete with those within
FEW_VIDEOS = 64  # looked into at first
SLACK = 16  # of the sample, against chance


class Ranking:
    """How the hits of one search are listed.

    Args:
        first_shot: (v + 1,) where the shots of each video begin; the last is s.
        options: order, grouping, limits.
    """

    def __init__(self, first_shot: Indexes, options: SearchOptions) -> None:
        filled = np.diff(first_shot) > 0
        self._first = np.append(first_shot[:-1][filled], first_shot[-1])  # of videos with shots
        self._options = options
        self._least = max(0.0, options.min_score or 0.0)

    def list_competing(self, scores: Floats, count: int) -> Indexes:
        """What competes for the first so many places, best first: whatever it scores.

        Of each video a few more than are listed of it.
        """
        most = self._options.per_video
        if most is not None:
            count, most = count * (most + WIDER) // most, most + WIDER
        wider = {"min_score": None, "sort": "score", "per_video": most}
        return Ranking(self._first, self._options.model_copy(update=wider)).list_first(
            scores, count
        )

    def count(self, scores: Floats) -> int:
        """How many hits are listed in all."""
        hits = scores >= self._least
        if self._options.per_video is None or not len(scores):
            return int(np.count_nonzero(hits))
        counts = np.add.reduceat(hits, self._first[:-1], dtype=np.int64)
        return int(np.minimum(counts, self._options.per_video).sum())

    def list_first(self, scores: Floats, count: int) -> Indexes:
        """The first so many shots in order, fewer where there are no more."""
        if self._options.group == "video" or self._options.sort == "time":
            return self._by_video(scores, count)
        many, per_video = count, self._options.per_video
        while True:
            best = find_best(scores, many, self._least)
            kept = best if per_video is None else best[self._is_kept(best, scores)]
            if len(kept) >= count or len(best) < many:
                return kept[:count]
            many *= 4

    def _by_video(self, scores: Floats, count: int) -> Indexes:
        """Video by video: by their best hits where grouped, else by time.

        Only as many videos are looked into as are needed.
        """
        if self._options.group == "video":
            best = best_of_spans(scores, self._first)
            ranked = np.argsort(-best, kind="stable")
            ranked = ranked[best[ranked] >= self._least]
        else:
            ranked = np.arange(len(self._first) - 1)
        videos = FEW_VIDEOS
        while True:
            shots = self._list_videos(scores, ranked[:videos])
            if len(shots) >= count or videos >= len(ranked):
                return shots[:count]
            videos *= 4

    def _list_videos(self, scores: Floats, ranked: Indexes) -> Indexes:
        """The hits of some videos, video by video."""
        place, shots = expand(self._first[ranked], self._first[ranked + 1])
        hits = scores[shots] >= self._least
        place, shots = place[hits], shots[hits]
        if self._options.per_video is not None:
            kept = self._is_kept(shots, scores)
            place, shots = place[kept], shots[kept]
        if self._options.sort == "score":
            shots = shots[np.lexsort((shots, -scores[shots], place))]
        return shots

    def _is_kept(self, shots: Indexes, scores: Floats) -> Mask:
        """(k,) whether a shot is among the first `per_video` of its video here, by score."""
        video = np.searchsorted(self._first, shots, side="right")
        together = np.lexsort((shots, -scores[shots], video))
        begins = np.flatnonzero(np.diff(video[together], prepend=-1))
        place = np.arange(len(shots)) - np.repeat(begins, np.diff(begins, append=len(shots)))
        kept = np.zeros(len(shots), bool)
        kept[together[place < (self._options.per_video or 0)]] = True
        return kept


def find_best(scores: Floats, count: int, least: float) -> Indexes:
    """The places of the best so many scores that are not below `least`, best first.

    A bound is guessed from a sample, so that only what passes it is sorted.
    """
    bound = max(_guess_bound(scores, count), least)
    above = np.flatnonzero(scores > bound)
    if len(above) < count:  # equals at the bound are the rest, or the guess was too high
        equal = np.flatnonzero(scores == bound)[: count - len(above)]
        if len(above) + len(equal) < count and bound > least:
            above, equal = np.flatnonzero(scores >= least), equal[:0]
    else:
        equal = above[:0]
    if len(above) > count > 0:
        kept = scores[above]
        above = above[kept >= np.partition(kept, len(kept) - count)[len(kept) - count]]
    best = above[np.argsort(-scores[above], kind="stable")]
    return np.append(best, equal)[:count]


def _guess_bound(scores: Floats, count: int) -> float:
    """A score that about twice as many exceed as are wanted."""
    sample = scores[:: max(1, len(scores) // SAMPLE)]
    place = 2 * count * len(sample) // max(len(scores), 1) + SLACK
    if place >= len(sample):
        return -np.inf
    return float(np.partition(sample, len(sample) - place)[len(sample) - place])
