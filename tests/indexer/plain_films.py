"""Made films with tracks, boxed labels and vectors of boxes, and a plain look at their findings."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from analyzers.encoder import Range, Space
from analyzers.finding import Box, Embedding, End, EndKind, Finding, Label, Relation, Track
from indexer.generations.generation import Generation
from indexer.generations.plain_content import PlainVideo

SPACES = (
    Space("pictures", 3, "toy", Range(0, 1), Range(0, 1)),
    Space("faces", 4, "", Range(-1, 1), Range(-1, 1)),
)
KINDS = ("face", "coco/person", "coco/dog")
LABELS = ("carrying", "Running", "dog")
VOCABULARIES = ("action", "coco")
IDS = ("a", "b", "c", "d", "é")
Videos = dict[int, PlainVideo]  # by insertion number


def box(dice: random.Random) -> Box:
    x, y = dice.randrange(5) / 8, dice.randrange(5) / 8
    return (x, y, x + dice.randrange(1, 4) / 8, y + 0.25)


def unit(dice: random.Random, dim: int) -> Any:
    vector = np.array([dice.gauss(0, 1) for _ in range(dim)], np.float32)
    return vector / np.linalg.norm(vector)


def track(dice: random.Random, end_ms: int) -> Track:
    times = sorted(dice.sample(range(0, end_ms, 10), dice.randrange(4)))
    boxes = np.array([box(dice) for _ in times], np.float32).reshape(-1, 4)
    scores = np.array([dice.random() for _ in times], np.float32)
    span = (times[0] - 3, times[-1] + 7) if times else (5, 6)
    kind = dice.choice(KINDS)
    return Track(*span, dice.choice(IDS), kind, np.array(times, np.int64), boxes, scores)


def embedding(dice: random.Random, span: tuple[int, int]) -> Embedding:
    space = dice.choice(SPACES)
    place = box(dice) if dice.random() < 0.5 else None
    about = dice.choice(IDS) if dice.random() < 0.5 else None
    return Embedding(*span, space.name, unit(dice, space.dim), place, about)


def findings(dice: random.Random, end_ms: int) -> Iterator[tuple[str, Finding]]:
    for _ in range(dice.randrange(6)):
        yield "tracks", track(dice, end_ms)
    for _ in range(dice.randrange(12)):
        start = dice.randrange(end_ms)
        span = (start, start + dice.choice((1, 40, 200)))
        yield "vectors", embedding(dice, span)
        place = box(dice) if dice.random() < 0.7 else None
        about = dice.choice((*IDS, None))
        full = dice.choice(VOCABULARIES), dice.choice(LABELS)
        yield "labels", Label(*span, *full, dice.random(), place, about)
    for _ in range(dice.randrange(8)):
        ends = End(EndKind.TRACK, dice.choice(IDS)), End(EndKind.PERSON, f"p{dice.randrange(3)}")
        predicate = dice.choice(("is", "is", "knows"))
        yield "persons", Relation(0, 9, ends[0], predicate, ends[1], dice.choice((0.5, 0.9)))


def make_film(id: int, dice: random.Random) -> PlainVideo:
    ends = [*sorted(dice.sample(range(20, 200), 3)), 200][dice.randrange(4) :]
    shots = list(zip([0, *ends], ends, strict=False))
    keyframes = sorted(dice.sample(range(200), dice.randrange(4)))
    said = list(findings(dice, 200)) if dice.random() < 0.8 else []
    return PlainVideo(f"v{id}", shots, keyframes, said, id=id, revision=dice.randrange(1 << 30))


def go_on(videos: Videos, change: tuple[int, set[int], set[int]], dice: random.Random) -> None:
    come, changed, gone = change
    for id in gone:
        videos.pop(id, None)
    first = max(videos, default=0) + 1
    for id in [*(changed & videos.keys()), *range(first, first + come)]:
        videos[id] = make_film(id, dice)


class Plain:
    """A plain look at the findings of videos, one by one."""

    def __init__(self, videos: Sequence[PlainVideo]) -> None:
        self.videos = videos
        counts = [len(video.shots) for video in videos]
        self.first_shot = [sum(counts[:place]) for place in range(len(counts))]
        self.tracks = [
            (place, one)
            for place, video in enumerate(videos)
            for one in sorted(
                (each for _, each in video.findings if isinstance(each, Track) and len(each.boxes)),
                key=lambda each, v=place: (self.shot_of(v, each.times_ms[0]), each.start_ms),
            )
        ]

    def shot_of(self, video: int, time_ms: int) -> int:
        begun = [n for n, (start, _) in enumerate(self.videos[video].shots) if start <= time_ms]
        return self.first_shot[video] + max(begun, default=0)

    def number(self, video: int, id: str | None) -> int:
        held = (n for n, (place, one) in enumerate(self.tracks) if (place, one.id) == (video, id))
        return next(held, -1)

    def boxes(self, kind: str) -> list[tuple[Any, ...]]:
        return sorted(
            (self.shot_of(video, time), time, number, tuple(place), score)
            for number, (video, one) in enumerate(self.tracks)
            if one.kind == kind
            for time, place, score in zip(
                one.times_ms.tolist(), one.boxes.tolist(), one.scores.tolist(), strict=True
            )
        )

    def clusters(self) -> list[str | None]:
        best: dict[int, tuple[float, str]] = {}
        for place, video in enumerate(self.videos):
            for _, one in video.findings:
                if isinstance(one, Relation) and one.predicate == "is":
                    number = self.number(place, one.subject.value)
                    if number >= 0 and one.score > best.get(number, (0.0, ""))[0]:
                        best[number] = one.score, one.object.value
        return [best[number][1] if number in best else None for number in range(len(self.tracks))]

    def moment(self, video: int, one: Embedding | Label) -> tuple[int, int, int]:
        """Shot, time and track."""
        number, middle = self.number(video, one.track), (one.start_ms + one.end_ms) // 2
        times = [t for t in self.rows(video, self.shot_of(video, middle)) if inside(t, one)]
        meant = min(times, key=lambda time: (abs(time - middle), time), default=middle)
        if number >= 0:
            followed = self.tracks[number][1]
            seen = [
                (0 if one.box is None else float(np.abs(place - np.float32(one.box)).sum()), time)
                for time, place in zip(followed.times_ms.tolist(), followed.boxes, strict=True)
                if inside(time, one)
            ]
            best = min(seen, key=lambda each: (each[0], abs(each[1] - middle), each[1]), default=0)
            meant = best[1] if best else meant
        return self.shot_of(video, meant), meant, number

    def rows(self, video: int, shot: int) -> list[int]:
        held = [t for t in self.videos[video].keyframes_ms if self.shot_of(video, t) == shot]
        return held or [self.videos[video].shots[shot - self.first_shot[video]][0]]

    def said(self, kind: type, keep: Any) -> list[tuple[tuple[int, int, int], Any]]:
        """Findings of a kind with their moments, by (shot, time), else as they came."""
        found = [
            (self.moment(place, one), one)
            for place, video in enumerate(self.videos)
            for _, one in video.findings
            if isinstance(one, kind) and keep(one)
        ]
        return sorted(found, key=lambda pair: pair[0][:2])


def is_called(label: Label, asked: str) -> bool:
    names = (label.name, f"{label.vocabulary}/{label.name}")
    return asked.casefold() in [name.casefold() for name in names]


def inside(time: int, one: Embedding | Label) -> bool:
    return one.start_ms <= time < one.end_ms


def compare(generation: Generation, plain: Plain) -> None:
    compare_tracks(generation, plain)
    for name in (*LABELS, "action/running", "coco/dog", "unknown"):
        held = plain.said(Label, lambda one, asked=name: one.box and is_called(one, asked))
        boxes = generation.boxed_labels(name)
        moments = list(zip(boxes.shot.tolist(), boxes.time_ms.tolist(), strict=True))
        assert moments == sorted(moments)
        facts = (boxes.track.tolist(), map(tuple, boxes.box.tolist()), boxes.score.tolist())
        assert sorted(zip(moments, *facts, strict=True)) == sorted(
            (moment[:2], moment[2], one.box, np.float32(one.score).item()) for moment, one in held
        )
    compare_vectors(generation, plain)


def compare_tracks(generation: Generation, plain: Plain) -> None:
    tracks = generation.tracks
    assert len(tracks) == len(plain.tracks)
    assert tracks.ids(np.arange(len(tracks))) == [one.id for _, one in plain.tracks]
    assert tracks.video.tolist() == [video for video, _ in plain.tracks]
    assert tracks.start_ms.tolist() == [one.start_ms for _, one in plain.tracks]
    assert tracks.end_ms.tolist() == [one.end_ms for _, one in plain.tracks]
    begun = [plain.shot_of(video, one.times_ms[0]) for video, one in plain.tracks]
    assert tracks.shot.tolist() == begun
    assert tracks.kinds() == tuple(sorted({one.kind for _, one in plain.tracks}))
    known = [None if n < 0 else tracks.clusters()[n] for n in tracks.cluster.tolist()]
    assert known == plain.clusters()
    assert set(tracks.clusters()) == {name for name in known if name}
    for video in range(len(plain.videos)):
        asked = [*IDS, "nobody"]
        assert tracks.numbers(video, asked).tolist() == [plain.number(video, id) for id in asked]
    for kind in (*KINDS, "unknown"):
        boxes, expected = tracks.boxes_of(kind), plain.boxes(kind)
        assert len(boxes) == len(expected)
        columns = (boxes.shot, boxes.time_ms, boxes.track, boxes.box, boxes.score)
        for place, column in zip((0, 1, 2, 3, 4), columns, strict=True):
            assert column.tolist() == [
                list(row[place]) if place == 3 else row[place] for row in expected
            ]
        numbers, offsets, places = tracks.by_track(kind)
        for number, begin, end in zip(numbers, offsets[:-1], offsets[1:], strict=True):
            own = places[begin:end]
            assert set(boxes.track[own].tolist()) == {number}
            assert boxes.time_ms[own].tolist() == plain.tracks[number][1].times_ms.tolist()
        assert len(places) == len(boxes)


def compare_vectors(generation: Generation, plain: Plain) -> None:
    every = plain.said(Embedding, lambda one: True)
    for space in SPACES:
        own = [(moment, one) for moment, one in every if one.space == space.name]
        crops = [(moment, one) for moment, one in own if one.box or one.track]
        vectors = generation.track_vectors(space.name)
        found = zip(vectors.shot, vectors.time_ms, vectors.track, strict=True)
        assert list(found) == [moment for moment, _ in crops]
        assert_near(vectors.box, [one.box or [np.nan] * 4 for _, one in crops])
        queries = np.eye(space.dim, dtype=np.float32)
        expected = np.array([one.vector for _, one in crops]).reshape(-1, space.dim).T
        assert_near(vectors.scores(queries), expected)
        some = np.arange(len(crops))[::-2]
        assert_near(vectors.rescore(queries, some), expected[:, some])
        assert_near(vectors.vectors_of(some).T, expected[:, some])
        whole = len(own) - len(crops)
        assert (space.name in generation.spaces) == (whole > 0 or not crops)
        assert not whole or len(generation.spaces[space.name].row) == whole


def assert_near(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, np.asarray(expected).reshape(np.shape(found)), atol=1e-6)
