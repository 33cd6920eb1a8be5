"""How right the clusters of faces are: of all pairs of tracks, which are together and should be.

Of a collection of made films the truth is that of the face whose box a track overlaps most.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import EndKind, Finding, Relation, Track
from bench.world.truth import Truth
from indexer.collection import Collection
from indexer.people.tracks import intersection_over_union

FACE, FACES, PERSONS = "face", "faces", "persons"
LEAST_OVERLAP = 0.3  # of a track's box with the true face's, on average over its samples
NEAR_MS = 100  # a true box, five a second, speaks of so long before and after it
NOBODY = -1


@dataclass(frozen=True)
class PairFigures:
    """Precision and recall of pairs of tracks that are in one cluster."""

    tracks: int
    persons: int
    clusters: int
    precision: float  # of the pairs in one cluster, those of one person
    recall: float  # of the pairs of one person, those in one cluster
    unknown: int = 0  # tracks of no true face, which are left out

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def judge_pairs(truth: NDArray[np.integer], clusters: NDArray[np.integer]) -> PairFigures:
    """Compare two ways of putting n tracks together; without any pair, a share is 1.

    Args:
        truth: (n,) numbers of persons, negative where nobody is meant: left out.
        clusters: (n,) numbers of clusters.
    """
    known = truth >= 0
    _, person = np.unique(truth[known], return_inverse=True)
    _, cluster = np.unique(clusters[known], return_inverse=True)
    sizes = [np.bincount(numbers) for numbers in (person, cluster)]
    shared = np.unique(np.stack((person, cluster)), axis=1, return_counts=True)[1]
    right = _count_pairs(shared)
    meant, made = (_count_pairs(each) for each in sizes)
    return PairFigures(
        int(known.sum()), len(sizes[0]), len(sizes[1]),
        right / made if made else 1.0, right / meant if meant else 1.0, int((~known).sum()),
    )  # fmt: skip


def judge_clusters(collection: Collection, truths: Mapping[str, Truth]) -> PairFigures:
    """The clusters that `persons` has found in a collection of made films.

    Args:
        collection: with runs of `faces` and `persons`.
        truths: by the name of the film's file; films that are not among them are left out.
    """
    names: dict[str, int] = {}
    truth: list[int] = []
    clusters: list[int] = []
    numbers: dict[str, int] = {}
    for video in collection.catalog.find_videos():
        if video.name not in truths:
            continue
        said = _read_clusters(collection.find_findings(video, [PERSONS]))
        for track in collection.find_findings(video, [FACES]):
            if isinstance(track, Track) and track.kind == FACE and track.id in said:
                person = find_person(track, truths[video.name])
                truth.append(NOBODY if person is None else names.setdefault(person, len(names)))
                clusters.append(numbers.setdefault(said[track.id], len(numbers)))
    return judge_pairs(np.array(truth, np.int64), np.array(clusters, np.int64))


def read_assignments(collection: Collection) -> dict[str, str]:
    """The cluster of each track of a collection; tracks as `FILE TRACK`."""
    return {
        f"{video.name} {track}": cluster
        for video in collection.catalog.find_videos()
        for track, cluster in _read_clusters(collection.find_findings(video, [PERSONS])).items()
    }


def find_person(track: Track, truth: Truth) -> str | None:
    """Whose face a track shows: that which it overlaps most, by 0.3 on average; else None."""
    best: tuple[float, str] | None = None
    for shot in truth.shots:
        if shot.start_ms < track.end_ms and shot.end_ms > track.start_ms:
            for seen in shot.persons:
                overlap = _overlap(track, seen.face.times_ms, seen.face.boxes)
                if overlap >= LEAST_OVERLAP and (best is None or overlap > best[0]):
                    best = (overlap, seen.person)
    return None if best is None else best[1]


def _overlap(track: Track, times_ms: tuple[int, ...], boxes: tuple[object, ...]) -> float:
    """How much a track overlaps true boxes on average; where there is none, not at all."""
    if not times_ms:
        return 0.0
    true_ms, true_boxes = np.array(times_ms), np.array(boxes, np.float64)
    after = np.searchsorted(true_ms, track.times_ms).clip(1, max(1, len(true_ms) - 1))
    before = after - 1
    after = np.minimum(after, len(true_ms) - 1)
    is_after = abs(true_ms[after] - track.times_ms) < abs(true_ms[before] - track.times_ms)
    nearest = np.where(is_after, after, before)
    shared = intersection_over_union(track.boxes, true_boxes[nearest])
    shared[abs(true_ms[nearest] - track.times_ms) > NEAR_MS] = 0
    return float(shared.mean())


def _read_clusters(findings: list[Finding]) -> dict[str, str]:
    """The cluster of each track."""
    return {
        one.subject.value: one.object.value
        for one in findings
        if isinstance(one, Relation) and one.object.kind is EndKind.PERSON
    }


def _count_pairs(sizes: NDArray[np.int64]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())
