"""A made-up collection of V3C's shape, written as search files: there are no videos behind it.

Keyframes have vectors (`vectors.py`), shots have one document of words (`words.py`), labels and a
measure. Of 600 labels the n-th most frequent holds in a share of 1 / (2 n) of the shots: the first
in 50 %, the fiftieth in 1 %. While the vectors pass by, the exact scores of a few queries are kept,
to compare with. Knows no query language.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Range, Space
from analyzers.finding import WordsKind
from bench.speed.shape import Shape, draw_shape
from bench.speed.vectors import draw_queries, draw_vectors
from bench.speed.words import draw_documents, draw_lengths
from indexer.generations.content import (
    KINDS,
    Content,
    KeyframeColumns,
    LabelPart,
    MeasurePart,
    ShotColumns,
    SpaceContent,
    VectorPart,
    VideoColumns,
    WordsPart,
)

RECIPE = 1  # what is kept of another one is made anew
SPACE = "clip"
WORDS_PER_KEYFRAME = 20  # 50 million for 2.5 million keyframes
KEYFRAME_MS = 3312  # 2,300 hours for 2.5 million keyframes
LABELS = 600
JUDGED = 16  # queries whose exact scores are kept
TRUTH = "truth.npy"
QUERY_SEED = 1000  # added to the collection's, so that queries are drawn apart


@dataclass(frozen=True)
class Plan:
    """How large a collection is to be."""

    keyframes: int
    dim: int
    seed: int = 7

    @property
    def words(self) -> int:
        """About how many in all."""
        return self.keyframes * WORDS_PER_KEYFRAME

    @cached_property
    def shape(self) -> Shape:
        """How it is cut into videos and shots."""
        return draw_shape(self.keyframes, self.seed)

    @property
    def space(self) -> Space:
        """Of the vectors. No model makes them; cosines up to .5 are told apart."""
        return Space(SPACE, self.dim, "", Range(0.0, 0.5), Range(0.4, 1.0))

    def queries(self, count: int) -> NDArray[np.float32]:
        """(count, dim) unit vectors of texts; the first ones are those that are judged."""
        judged = draw_queries(JUDGED, self.dim, self.seed + QUERY_SEED)
        others = draw_queries(max(count - JUDGED, 0), self.dim, self.seed + QUERY_SEED + 1)
        return np.concatenate([judged, others])[:count]

    def lengths(self) -> NDArray[np.int64]:
        """(s,) the words of each shot's document."""
        return draw_lengths(self.shape.shots, self.words, self.seed)


def keep_collection(folder: Path, plan: Plan, tell: Callable[[str], None]) -> Path:
    """The folder of the collection, made now unless an earlier run left it.

    Args:
        folder: where collections are kept; made if need be.
        plan: how large.
        tell: hears what is being done.
    """
    from indexer.generations.manifest import GenerationMissing, GenerationUnreadable
    from indexer.generations.opening import open_generation

    place = folder / f"speed-{plan.keyframes}-{plan.dim}-{plan.seed}-{RECIPE}"
    try:
        open_generation(place)
    except (GenerationMissing, GenerationUnreadable):
        began = time.perf_counter()
        shutil.rmtree(place, ignore_errors=True)
        make_collection(place, plan, tell)
        tell(f"made in {time.perf_counter() - began:.0f} s")
    return place


def make_collection(folder: Path, plan: Plan, tell: Callable[[str], None]) -> None:
    """Write a collection's search files, and the exact scores of the judged queries."""
    from indexer.generations.writing import write_generation

    folder.mkdir(parents=True)
    shape = plan.shape
    tell(
        f"making {shape.rows:,} keyframes in {shape.shots:,} shots of {shape.videos:,} videos, "
        f"{plan.words:,} words, {plan.dim} dimensions"
    )
    half_made = folder / f"{TRUTH}.tmp"
    truth = np.lib.format.open_memmap(
        half_made, mode="w+", dtype=np.float32, shape=(JUDGED, shape.rows)
    )
    write_generation(folder, describe_content(plan, truth))
    truth.flush()
    half_made.rename(folder / TRUTH)


def describe_content(plan: Plan, truth: NDArray[np.float32]) -> Content:
    """The columns of the collection; reading the vectors fills `truth` (JUDGED, n)."""
    timeline = _Timeline(plan)
    return Content(
        collection_id=f"speed-{plan.keyframes}-{plan.seed}",
        revision=RECIPE,
        videos=timeline.videos(),
        shots=timeline.shots(),
        keyframes=KeyframeColumns(timeline.video[plan.shape.shots_of_rows()], timeline.time_ms),
        spaces=[SpaceContent(plan.space, plan.keyframes, timeline.vectors(truth))],
        words=timeline.words(),
        labels=timeline.labels(),
        measures=timeline.measures(),
    )


class _Timeline:
    """Videos, shots and keyframes with their times, and what is found in them."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.shape = plan, plan.shape
        chance = np.random.default_rng([plan.seed, 9])
        shape, rows = self.shape, np.diff(self.shape.first_row)
        length = np.maximum(rows * KEYFRAME_MS * chance.lognormal(0, 0.2, shape.shots), 200)
        upto = np.concatenate([[0], np.cumsum(length.astype(np.int64))])  # (s + 1,) over all videos
        self.video = shape.videos_of_shots().astype(np.int32)  # (s,)
        begun = upto[shape.first_shot]  # (v + 1,)
        self.duration_ms = np.diff(begun)  # (v,)
        self.start_ms = upto[:-1] - begun[self.video]  # (s,)
        self.end_ms = upto[1:] - begun[self.video]  # (s,)
        shot = shape.shots_of_rows()
        place = (np.arange(shape.rows) - shape.first_row[shot] + 0.5) / rows[shot]
        length_ms = (self.end_ms - self.start_ms)[shot]
        self.time_ms = self.start_ms[shot] + (place * length_ms).astype(np.int64)  # (n,)

    def videos(self) -> VideoColumns:
        """Names are the videos' numbers, dates ten years."""
        chance, count = np.random.default_rng([self.plan.seed, 10]), self.shape.videos
        names = [f"{number:06}.mp4" for number in range(1, count + 1)]
        return VideoColumns(
            id=np.arange(1, count + 1),
            revision=np.ones(count, np.int64),
            uid=[f"v{number:06}" for number in range(1, count + 1)],
            name=names,
            path=names,
            duration_ms=self.duration_ms,
            width=np.full(count, 1280, np.int32),
            height=np.full(count, 720, np.int32),
            date_ms=1_300_000_000_000 + chance.integers(0, 315_360_000_000, count),
            size_bytes=self.duration_ms * 200,
        )

    def shots(self) -> ShotColumns:
        """Without gaps."""
        number = np.arange(self.shape.shots) - self.shape.first_shot[self.video]
        return ShotColumns(self.video, number.astype(np.int32), self.start_ms, self.end_ms)

    def vectors(self, truth: NDArray[np.float32]) -> Iterator[VectorPart]:
        """Video by video; fills the exact scores of the judged queries."""
        plan, judged = self.plan, self.plan.queries(JUDGED)
        ends = self.shape.first_row[self.shape.first_shot]  # (v + 1,) the first row of each video
        video = 0
        for block in draw_vectors(plan.keyframes, plan.dim, plan.seed):
            begin = int(ends[video])
            truth[:, begin : begin + len(block)] = judged @ block.T
            while video < self.shape.videos and ends[video] < begin + len(block):
                rows = slice(int(ends[video]), int(ends[video + 1]))
                times = self.time_ms[rows]
                own = block[rows.start - begin : rows.stop - begin]
                yield VectorPart(video, times, times, times + 1, own)
                video += 1

    def words(self) -> Iterator[WordsPart]:
        """A document for each shot, four of five said, one read."""
        chance = np.random.default_rng([self.plan.seed, 11])
        said, read = KINDS.index(WordsKind.SAID), KINDS.index(WordsKind.READ)
        texts_of_parts = draw_documents(self.plan.lengths(), self.shape.parts(), self.plan.seed)
        for of, texts in zip(self.shape.parts(), texts_of_parts, strict=True):
            kind = np.where(chance.random(len(texts)) < 0.8, said, read).astype(np.uint8)
            yield WordsPart(self.video[of], kind, self.start_ms[of], self.end_ms[of], texts)

    def labels(self) -> Iterator[LabelPart]:
        """Labels of whole shots by one analyzer, half of them with a box."""
        chance = np.random.default_rng([self.plan.seed, 12])
        shares = 1 / (2 * np.arange(1, LABELS + 1))
        names = np.array([name_label(rank) for rank in range(LABELS)], object)
        for of in self.shape.parts():
            held = chance.random((of.stop - of.start, LABELS), np.float32) < shares
            shot, rank = np.nonzero(held)
            shot += of.start
            yield LabelPart(
                self.video[shot],
                self.start_ms[shot],
                self.end_ms[shot],
                vocabulary=["made"] * len(shot),
                name=names[rank].tolist(),
                score=chance.uniform(0.3, 1, len(shot)).astype(np.float32),
                boxed=rank % 2 == 1,
                run=np.zeros(len(shot), np.int64),
            )

    def measures(self) -> Iterator[MeasurePart]:
        """The brightness of each shot."""
        chance = np.random.default_rng([self.plan.seed, 13])
        for of in self.shape.parts():
            count = of.stop - of.start
            yield MeasurePart(
                self.video[of],
                self.start_ms[of],
                self.end_ms[of],
                name=["brightness"] * count,
                unit=[""] * count,
                value=chance.random(count),
            )


def name_label(rank: int) -> str:
    """The name of the label that is the so many-th most frequent, from 0."""
    return f"thing-{rank + 1}"
