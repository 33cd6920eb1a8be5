"""Face tracks of persons who do not exist, with the noise of real ones.

How alike tracks are was measured on the ASL clips of Intel's sample videos (4 persons, 2 clips
each, YuNet and MobileFaceNet; tracks of 6 samples), as they are and made 2 to 5 times smaller. A
face that is seen badly is less like its person (`OWN`), more like all others that are seen badly
(`BLUR`), and like its person's other bad ones (`BLURRED`). In those clips a person wears the same
clothes in the same light; `session` is what differs between two videos of one person. Knows no
pictures.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

QUALITIES = (15.0, 18.0, 22.0, 32.0, 48.0)
OWN = (0.05, 0.20, 0.48, 0.71, 0.79)  # length along what is the person's own, by quality
BLUR = (0.30, 0.20, 0.13, 0.02, 0.0)  # square of the length along what bad pictures share
BLURRED = (0.33, 0.36, 0.28, 0.08, 0.0)  # the same for what bad pictures of one person share
COMMON = 0.39  # length along what all faces share
DIM, SPREAD_DIM = 128, 60  # of the space, and in how many of them persons differ
PROFILES, LEAST_PROFILE = 0.25, 0.55  # share of turned faces, and what is left of their `OWN`
VIDEOS_OF_PERSON = 12
SHOT_MS = 2_000
MOST_IN_SHOT = 3


@dataclass(frozen=True)
class Population:
    """How many there are of what."""

    persons: int = 200
    videos: int = 100
    tracks: int = 5_000
    session: float = 0.2  # of the square of `OWN`, what holds in one video alone
    unlike: float = 0.15  # share of tracks that are seen too badly to be known (quality 13 to 22)
    doubtful: float = 0.25  # share of quality 22 to 40


@dataclass(frozen=True, eq=False)
class Identities:
    """n tracks, side by side."""

    vectors: NDArray[np.float32]  # (n, 128) unit
    qualities: NDArray[np.float64]  # (n,)
    videos: NDArray[np.int64]  # (n,)
    start_ms: NDArray[np.int64]  # (n,)
    end_ms: NDArray[np.int64]  # (n,)
    persons: NDArray[np.int64]  # (n,) the truth


def draw_identities(population: Population, seed: int) -> Identities:
    """Persons by chance, few of them often and most seldom (Zipf), up to three in a shot."""
    random = np.random.default_rng(seed)
    count = population.tracks
    often = 1 / np.arange(1, population.persons + 1)
    persons = random.choice(population.persons, count, p=often / often.sum())
    homes = random.integers(0, population.videos, (population.persons, VIDEOS_OF_PERSON))
    videos = homes[persons, random.integers(0, VIDEOS_OF_PERSON, count)]
    qualities = _draw_qualities(random, population)
    vectors = _draw_vectors(random, persons, videos, qualities, population.session)
    start_ms = _put_in_shots(random, persons, videos)
    return Identities(vectors, qualities, videos, start_ms, start_ms + SHOT_MS, persons)


def _draw_qualities(random: np.random.Generator, population: Population) -> NDArray[np.float64]:
    kind = random.random(population.tracks)
    doubtful = population.unlike + population.doubtful
    low = np.select([kind < population.unlike, kind < doubtful], [13.0, 22.0], 40.0)
    high = np.select([kind < population.unlike, kind < doubtful], [22.0, 40.0], 65.0)
    drawn: NDArray[np.float64] = low + (high - low) * random.random(population.tracks)
    return drawn


def _draw_vectors(
    random: np.random.Generator,
    persons: NDArray[np.int64],
    videos: NDArray[np.int64],
    qualities: NDArray[np.float64],
    session: float,
) -> NDArray[np.float32]:
    axes = np.linalg.qr(random.normal(size=(DIM, DIM)))[0]
    own = _unit(random.normal(size=(persons.max() + 1, SPREAD_DIM))) @ axes[2 : 2 + SPREAD_DIM]
    badly = _unit(random.normal(size=(persons.max() + 1, DIM)))
    _, visit = np.unique(persons * (videos.max() + 1) + videos, return_inverse=True)
    visits = _unit(random.normal(size=(visit.max() + 1, DIM)))[visit]
    is_profile = random.random(len(persons)) < PROFILES
    turned = np.where(is_profile, random.uniform(LEAST_PROFILE, 1, len(persons)), 1.0)
    along = np.interp(qualities, QUALITIES, OWN) * turned
    blur, blurred = (np.interp(qualities, QUALITIES, each) for each in (BLUR, BLURRED))
    noise = np.sqrt(np.maximum(0, 1 - along**2 - blur - blurred - COMMON**2))
    vectors = (
        (along * np.sqrt(1 - session))[:, None] * own[persons]
        + (along * np.sqrt(session))[:, None] * visits
        + COMMON * axes[0]
        + np.sqrt(blur)[:, None] * axes[1]
        + np.sqrt(blurred)[:, None] * _unit(badly[persons] + visits)
        + noise[:, None] * _unit(random.normal(size=(len(persons), DIM)))
    )
    return _unit(vectors).astype(np.float32)


def _put_in_shots(
    random: np.random.Generator, persons: NDArray[np.int64], videos: NDArray[np.int64]
) -> NDArray[np.int64]:
    """When each track starts: at once with others of the same shot, who are other persons."""
    start_ms = np.zeros(len(persons), np.int64)
    company: list[tuple[int, int]] = []
    shot, room = -1, 0
    for track in np.argsort(videos, kind="stable").tolist():
        place, person = int(videos[track]), int(persons[track])
        if not room or place != company[0][0] or (place, person) in company:
            shot, room, company = shot + 1, int(random.integers(1, MOST_IN_SHOT + 1)), []
        company.append((place, person))
        room -= 1
        start_ms[track] = shot * SHOT_MS
    return start_ms


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    units: NDArray[np.float64] = vectors / lengths
    return units
