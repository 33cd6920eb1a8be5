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
FEW_VIDEOS = 64  # looked into at first; as many more compete as listed
FEW_SHOTS = 8  # of a video: whether its best is better than it seems
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

    def find_competing(self, scores: Floats, count: int, more: int) -> Indexes:
        """What competes for the first so many places, in any order: whatever it scores.

        Of each video a few more than are listed of it; where videos are ordered by their best
        hits, also the best shots of videos that seem to come later.

        Args:
            scores: (s,) that may be estimates.
            count: places.
            more: shots that compete beside as many as there are places.
        """
        most, grouped = self._options.per_video, self._options.group == "video"
        if most is not None:
            count, more = (many * (most + WIDER) // most for many in (count, more))
            most += WIDER
        wider = {"min_score": None, "sort": "score", "per_video": most}
        wide = Ranking(self._first, self._options.model_copy(update=wider))
        if not grouped:
            return wide.list_first(scores, count + more)
        best = best_of_spans(scores, self._first)
        some = -(-more // 4)  # of either: they lie apart, and cost as much as twice as many
        listed = wide._by_video(scores, count + some, best)
        return np.union1d(listed, wide._find_later(scores, listed, some, best))

    def pin(self, scores: Floats, listed: Indexes) -> Floats:
        """Scores (s,) by which what is listed comes first, in its order.

        Where hits are listed video by video, what is left of the last of them comes next, and of
        those before it nothing: no video is listed in two places.
        """
        pinned = scores.copy()
        if self._options.group == "video" or self._options.sort == "time":
            video = np.searchsorted(self._first, listed, side="right") - 1
            closed = np.unique(video[video != video[-1]])
            if self._options.group == "none":
                closed = np.arange(video[-1])
            pinned[expand(self._first[closed], self._first[closed + 1])[1]] = -1
        pinned[listed] = np.arange(len(listed), 0, -1) + 1  # no score is as high
        return pinned

    def count(self, scores: Floats) -> int:
        """How many hits are listed in all."""
        hits = scores >= self._least
        if self._options.per_video is None or not len(scores):
            return int(np.count_nonzero(hits))
        counts = np.add.reduceat(hits, self._first[:-1], dtype=np.int64)
        return int(np.minimum(counts, self._options.per_video).sum())

    def list_first(self, scores: Floats, count: int) -> Indexes:
        """The first so many shots in order, fewer where there are no more."""
        if self._options.group == "video":
            return self._by_video(scores, count, best_of_spans(scores, self._first))
        if self._options.sort == "time":
            return self._by_video(scores, count)
        many, per_video = count, self._options.per_video
        while True:
            best = find_best(scores, many, self._least)
            kept = best if per_video is None else best[self._is_kept(best, scores)]
            if len(kept) >= count or len(best) < many:
                return kept[:count]
            many *= 4

    def _by_video(self, scores: Floats, count: int, best: Floats | None = None) -> Indexes:
        """Video by video: by their best hits (v,) where given, else by time.

        Only as many videos are looked into as are needed.
        """
        early, videos = np.arange(len(self._first) - 1), FEW_VIDEOS
        while True:
            ranked = early[:videos] if best is None else find_best(best, videos, self._least)
            shots = self._list_videos(scores, ranked, count)
            if len(shots) >= count or len(ranked) < videos:
                return shots[:count]
            videos *= 4

    def _find_later(self, scores: Floats, listed: Indexes, count: int, best: Floats) -> Indexes:
        """So many of the best shots, few of each video, of those that come after what is listed.

        The last video that is listed may go on, and counts as one of them.
        """
        before = len(np.unique(np.searchsorted(self._first, listed, side="right")))
        later = find_best(best, 2 * before + FEW_VIDEOS, 0.0)[max(before - 1, 0) :]
        shots = expand(self._first[later], self._first[later + 1])[1]
        shots = shots[find_best(scores[shots], 4 * count, 0.0)]
        few = Ranking(self._first, self._options.model_copy(update={"per_video": FEW_SHOTS}))
        return shots[few._is_kept(shots, scores)][:count]

    def _list_videos(self, scores: Floats, ranked: Indexes, count: int) -> Indexes:
        """The hits of some videos, video by video; of those beyond so many hits none."""
        place, shots = expand(self._first[ranked], self._first[ranked + 1])
        hits = scores[shots] >= self._least
        place, shots = place[hits], shots[hits]
        if self._options.per_video is not None:
            kept = self._is_kept(shots, scores)
            place, shots = place[kept], shots[kept]
        if 0 < count < len(place):
            end = np.searchsorted(place, place[count - 1], side="right")
            place, shots = place[:end], shots[:end]
        if self._options.sort == "score":  # shots ascend within their video
            shots = shots[np.lexsort((-scores[shots], place))]
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
