"""Made search files with as many people as in a soap of years, who are followed and act.

Each shot shows one to four, in five moments each; half of the boxes are of faces, half of bodies.
Faces of one person lie around its own vector. Knows no query.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Range, Space
from indexer.generations.content import (
    ClusterPart,
    Content,
    CropContent,
    CropPart,
    KeyframeColumns,
    LabelPart,
    ShotColumns,
    SpaceContent,
    TrackPart,
    VideoColumns,
)

RECIPE = 1  # another one whenever the same plan gives other files
SHOTS = 500  # of a video
MOMENTS, MOMENT_MS = 5, 1000  # of a shot that are looked at
FACES = 2.5  # face tracks of a shot, and people who act
PERSONS = 2000
ACTIONS = tuple(f"action-{number}" for number in range(1, 31))
SPREAD = 0.9  # of the faces of one person around its vector: cosines with it near .74


@dataclass(frozen=True)
class PeoplePlan:
    """How large."""

    tracks: int = 1_000_000  # of faces
    dim: int = 128
    seed: int = 7

    @property
    def videos(self) -> int:
        """How many, so that there are at least so many tracks."""
        return max(2, round(self.tracks / (SHOTS * FACES)))

    @property
    def space(self) -> Space:
        """Of the faces."""
        return Space("faces.made", self.dim, "", Range(-0.3, 1.0), Range(-0.3, 1.0))

    def draw_persons(self) -> NDArray[np.float32]:
        """(PERSONS, dim) the vector of each."""
        vectors = np.random.default_rng([self.seed, 1]).standard_normal((PERSONS, self.dim))
        return to_unit(vectors)


def describe_people(plan: PeoplePlan) -> Content:
    """The columns of the search files; parts are drawn when they are read."""
    videos = plan.videos
    length_ms = MOMENTS * MOMENT_MS
    video = np.repeat(np.arange(videos, dtype=np.int32), SHOTS)
    start_ms = np.tile(np.arange(SHOTS, dtype=np.int64) * length_ms, videos)
    moments = start_ms[:, None] + np.arange(MOMENTS) * MOMENT_MS + MOMENT_MS // 2
    names = [f"{number:06}.mp4" for number in range(videos)]
    return Content(
        f"people-{plan.tracks}-{plan.seed}",
        RECIPE,
        VideoColumns(
            id=np.arange(1, videos + 1),
            uid=[f"v{number:06}" for number in range(videos)],
            name=names,
            path=names,
            duration_ms=np.full(videos, SHOTS * length_ms),
            width=np.full(videos, 1280, np.int32),
            height=np.full(videos, 720, np.int32),
            date_ms=np.zeros(videos, np.int64),
            size_bytes=np.ones(videos, np.int64),
            revision=np.ones(videos, np.int64),
        ),
        ShotColumns(
            video, np.tile(np.arange(SHOTS, dtype=np.int32), videos), start_ms, start_ms + length_ms
        ),
        KeyframeColumns(np.repeat(video, MOMENTS), moments.ravel()),
        labels=(each.labels() for each in _draw(plan)),
        crops=[
            CropContent(
                plan.space,
                sum(len(each) for each in _draw(plan)),
                (each.crops(plan) for each in _draw(plan)),
            )
        ],
        tracks=(each.tracks() for each in _draw(plan)),
        clusters=(each.clusters() for each in _draw(plan)),
        spaces=[SpaceContent(plan.space, 0, ())],
    )


@dataclass(frozen=True, eq=False)
class _Video:
    """Who is seen in one video: each with a face and a body for the whole of a shot."""

    number: int
    shot: NDArray[np.int64]  # (t,)
    person: NDArray[np.int64]  # (t,)
    action: NDArray[np.int64]  # (t,)
    left: NDArray[np.float32]  # (t,) where the body stands
    seed: int

    def __len__(self) -> int:
        return len(self.shot)

    @property
    def ids(self) -> list[str]:
        """Of the tracks."""
        return [f"face-{place}" for place in range(len(self))]

    @property
    def start_ms(self) -> NDArray[np.int64]:
        """(t,)."""
        return self.shot * (MOMENTS * MOMENT_MS)

    def times_ms(self) -> NDArray[np.int64]:
        """(t, MOMENTS)."""
        return self.start_ms[:, None] + np.arange(MOMENTS) * MOMENT_MS + MOMENT_MS // 2

    def boxes(self, width: float, top: float, height: float) -> NDArray[np.float32]:
        """(t * MOMENTS, 4) that move a little."""
        left = self.left[:, None] + np.linspace(0, 0.02, MOMENTS, dtype=np.float32)
        middle = left + 0.1
        low, high = np.full_like(left, top), np.full_like(left, top + height)
        box = np.stack([middle - width / 2, low, middle + width / 2, high], axis=2)
        return np.ascontiguousarray(box.reshape(-1, 4), np.float32)

    def tracks(self) -> TrackPart:
        """Of the faces."""
        count = len(self)
        return TrackPart(
            np.full(count, self.number, np.int32),
            self.ids,
            ["face"] * count,
            self.start_ms,
            self.start_ms + MOMENTS * MOMENT_MS,
            np.full(count, MOMENTS),
            self.times_ms().ravel(),
            self.boxes(0.05, 0.1, 0.1),
            np.ones(count * MOMENTS, np.float32),
        )

    def clusters(self) -> ClusterPart:
        """Each face's person."""
        count = len(self)
        names = [f"p{number}" for number in self.person.tolist()]
        video = np.full(count, self.number, np.int32)
        return ClusterPart(video, self.ids, names, np.ones(count, np.float32))

    def crops(self, plan: PeoplePlan) -> CropPart:
        """A vector for each face."""
        chance = np.random.default_rng([self.seed, 3, self.number])
        noise = to_unit(chance.standard_normal((len(self), plan.dim)))
        vectors = to_unit(plan.draw_persons()[self.person] + np.float32(SPREAD) * noise)
        start_ms, box = self.start_ms, self.boxes(0.05, 0.1, 0.1)[::MOMENTS]
        end_ms = start_ms + MOMENTS * MOMENT_MS
        return CropPart(self.number, start_ms, end_ms, box, self.ids, vectors)

    def labels(self) -> LabelPart:
        """What each does, at every moment, with its body."""
        chance = np.random.default_rng([self.seed, 4, self.number])
        times_ms, count = self.times_ms().ravel(), len(self) * MOMENTS
        names = np.array(ACTIONS, object)[np.repeat(self.action, MOMENTS)]
        return LabelPart(
            np.full(count, self.number, np.int32),
            times_ms - MOMENT_MS // 2,
            times_ms + MOMENT_MS // 2,
            ["made"] * count,
            names.tolist(),
            chance.uniform(0.2, 1, count).astype(np.float32),
            np.ones(count, bool),
            np.zeros(count, np.int64),
            self.boxes(0.2, 0.05, 0.9),
            [None] * count,
        )


def keep_people(folder: Path, plan: PeoplePlan, tell: Callable[[str], None]) -> Path:
    """The folder of the search files, made now unless an earlier run left them.

    Args:
        folder: where they are kept; made if need be.
        plan: how large.
        tell: hears what is being done.
    """
    from indexer.generations.manifest import GenerationMissing, GenerationUnreadable
    from indexer.generations.opening import open_generation
    from indexer.generations.writing import write_generation

    place = folder / f"people-{plan.tracks}-{plan.dim}-{plan.seed}-{RECIPE}"
    try:
        open_generation(place)
    except (GenerationMissing, GenerationUnreadable):
        began = time.perf_counter()
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        tell(f"making {plan.tracks:,} face tracks in {place}")
        write_generation(place, describe_people(plan))
        tell(f"made in {time.perf_counter() - began:.0f} s")
    return place


def _draw(plan: PeoplePlan) -> Iterator[_Video]:
    """Video by video; a few persons and actions are frequent, most are rare."""
    rare = 1 / np.arange(1, PERSONS + 1) ** 0.7
    often = 1 / np.arange(1, len(ACTIONS) + 1)
    for number in range(plan.videos):
        chance = np.random.default_rng([plan.seed, 2, number])
        each = chance.choice((1, 2, 3, 4), SHOTS)  # FACES on average
        count = int(each.sum())
        yield _Video(
            number,
            np.repeat(np.arange(SHOTS), each),
            chance.choice(PERSONS, count, p=rare / rare.sum()),
            chance.choice(len(ACTIONS), count, p=often / often.sum()),
            chance.uniform(0, 0.75, count).astype(np.float32),
            plan.seed,
        )


def to_unit(vectors: NDArray[Any]) -> NDArray[np.float32]:
    """Rows (n, dim) at unit length."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)
