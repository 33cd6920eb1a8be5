"""How well vectors tell faces apart. Knows vectors and whose they are, nothing else."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analyzers.agglomeration import NEW
from analyzers.clustering import FaceTracks, Gates, cluster_tracks
from bench.people.clusters import judge_pairs
from bench.train.people.face_crops import FacePlace
from bench.train.people.judging import measure_ranking

EXAMPLES = 3  # faces of another film that a person is searched by
TRIES = 20  # of each face
SEED = 0
GATES = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
GOOD = 100.0  # the quality of each face


def measure_faces(vectors: NDArray[np.float32], places: Sequence[FacePlace]) -> Mapping[str, float]:
    """Triplets and search within each cast; a face and its partner are of two films.

    A triplet is right if a face is nearer to one of the same person in another film than to one of
    another person of the cast. A search ranks the faces of all other films by their cosine with
    the mean of EXAMPLES faces of one film.
    """
    person = np.array([place.person for place in places])
    film = np.array([place.film for place in places])
    cast = np.array([place.cast for place in places])
    cosines = vectors @ vectors.T
    random = np.random.default_rng(SEED)
    same = (person[:, None] == person) & (film[:, None] != film)
    other = (person[:, None] != person) & (cast[:, None] == cast)
    right = []
    for row in np.flatnonzero(same.any(axis=1) & other.any(axis=1)):
        near = random.choice(np.flatnonzero(same[row]), TRIES)
        far = random.choice(np.flatnonzero(other[row]), TRIES)
        right.append(float((cosines[row, near] > cosines[row, far]).mean()))
    precisions = [
        _search(vectors, (person, film, cast), one, random) for one in np.unique(person).tolist()
    ]
    found = [each for each in precisions if each is not None]
    return {
        "faces": len(places),
        "persons": len(np.unique(person)),
        "triplets right": round(float(np.mean(right or [0.0])), 4),
        "search mAP": round(float(np.mean(found or [0.0])), 4),
        "searched persons": len(found),
        "cosine same": round(float(np.median(cosines[same])) if same.any() else 0.0, 3),
        "cosine other": round(float(np.median(cosines[other])) if other.any() else 0.0, 3),
    }


def choose_gate(vectors: NDArray[np.float32], places: Sequence[FacePlace]) -> tuple[float, float]:
    """The gate of GATES with which faces come into the rightest clusters, and their pairwise F1.

    Each cast is clustered alone, as a collection of films of one cast would be; F1 is their mean.
    """
    cast = np.array([place.cast for place in places])
    person = np.array([place.person for place in places])
    mean = {
        gate: float(
            np.mean([_judge(vectors, person, cast == one, gate) for one in np.unique(cast)])
        )
        for gate in GATES
    }
    best = max(mean, key=mean.__getitem__)
    return best, round(mean[best], 4)


def _judge(
    vectors: NDArray[np.float32],
    person: NDArray[np.int64],
    chosen: NDArray[np.bool_],
    gate: float,
) -> float:
    count = int(chosen.sum())
    tracks = FaceTracks(vectors[chosen], np.full(count, GOOD), np.full(count, NEW, np.int64))
    no_rivals = np.zeros((2, 0), np.int64)
    clusters = cluster_tracks(tracks, no_rivals, Gates(least_cosine=gate))
    return judge_pairs(person[chosen], clusters).f1


def _search(
    vectors: NDArray[np.float32],
    told: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    one: int,
    random: np.random.Generator,
) -> float | None:
    """Average precision of a person; None where it is in one film only, or too seldom in each."""
    person, film, cast = told
    mine = person == one
    films, counts = np.unique(film[mine], return_counts=True)
    enough = films[counts >= EXAMPLES]
    if len(films) < 2 or not len(enough):
        return None
    of = int(random.choice(enough))
    examples = random.choice(np.flatnonzero(mine & (film == of)), EXAMPLES, replace=False)
    searched = np.flatnonzero((cast == cast[mine][0]) & (film != of))
    scores = vectors[searched] @ vectors[examples].mean(axis=0)
    return measure_ranking(scores, mine[searched])
