"""Puts the shots that were found in order, and takes one page of them. Knows no query.

Scores are (s,) over all shots of a generation, NaN where a shot is no hit.
"""

import numpy as np
from numpy.typing import NDArray

from search.options import SearchOptions

Indexes = NDArray[np.int64]
Scores = NDArray[np.float64]


def rank_shots(
    scores: Scores, videos: NDArray[np.int32], options: SearchOptions, offset: int
) -> tuple[Indexes, int]:
    """The shots of one page in order, and the number of hits on all pages.

    Args:
        scores: (s,) of each shot, NaN where it is no hit.
        videos: (s,) the video of each shot, ascending.
        options: order, grouping, limits.
        offset: hits on earlier pages.
    """
    least = -np.inf if options.min_score is None else options.min_score
    hits = np.flatnonzero(scores >= least)  # NaN is never
    video = videos[hits]
    counts = np.bincount(video)
    if options.per_video is not None:
        counts = np.minimum(counts, options.per_video)
    total, end = int(counts.sum()), offset + options.k
    if options.group == "video":
        order = _by_video(scores[hits], video, counts, end, options)
    elif options.sort == "time":
        order = np.sort(_capped(_best_first(scores[hits]), video, options.per_video))
    else:
        order = _by_score(scores[hits], video, end, options.per_video)
    return hits[order[offset:end]], total


def _best_first(scores: Scores) -> Indexes:
    """(h,) scores to their places, best first, the earlier of equals first."""
    return np.argsort(-scores, kind="stable")


def _by_score(scores: Scores, video: NDArray[np.int32], end: int, per_video: int | None) -> Indexes:
    """The first `end` places or more, best first, at most so many of a video.

    Sorts only what can be on the page: the best `many`; and twice as many while a video's surplus
    is in the way.
    """
    many = end
    while many < len(scores):
        least = np.partition(scores, len(scores) - many)[len(scores) - many]
        best = np.flatnonzero(scores >= least)
        order = _capped(best[_best_first(scores[best])], video, per_video)
        if len(order) >= end:
            return order
        many *= 4
    return _capped(_best_first(scores), video, per_video)


def _capped(order: Indexes, video: NDArray[np.int32], per_video: int | None) -> Indexes:
    """The same order without those that come after the first `per_video` of their video."""
    if per_video is None:
        return order
    together = np.argsort(video[order], kind="stable")
    owner = video[order][together]
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    place = np.arange(len(owner)) - np.repeat(begins, np.diff(begins, append=len(owner)))
    kept = np.zeros(len(order), bool)
    kept[together[place < per_video]] = True
    return order[kept]


def _by_video(
    scores: Scores, video: NDArray[np.int32], counts: Indexes, end: int, options: SearchOptions
) -> Indexes:
    """The first `end` places or more: the hits of a video together, videos by their best.

    Only the videos that can be on the page are sorted inside.
    """
    best = np.full(len(counts), -np.inf)
    begins = np.flatnonzero(np.diff(video, prepend=-1))
    if len(begins):
        best[video[begins]] = np.maximum.reduceat(scores, begins)
    ranked = _best_first(best)
    needed = ranked[: np.searchsorted(np.cumsum(counts[ranked]), end) + 1]
    rank = np.full(len(counts), -1)
    rank[needed] = np.arange(len(needed))
    order = np.flatnonzero(rank[video] >= 0)
    order = _capped(order[_best_first(scores[order])], video, options.per_video)
    if options.sort == "time":
        order = np.sort(order)
    return order[np.argsort(rank[video[order]], kind="stable")]
