"""What a query means, in dicts, loops and math: a slow second reading of how scores are defined.

Takes a query as JSON and a collection as plain values. Shares no code with the engine.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from plain_scores import (
    OPS,
    Node,
    bm25,
    can_be_false,
    date_holds,
    dot,
    fuse,
    mix,
    occurrences,
    parts_of,
)

from analyzers.encoder import Range, Space
from analyzers.finding import Embedding, Finding, Label, Measure, Track, Words
from indexer.generations.plain_content import PlainVideo

Moment = tuple[float, int | None]  # a score and when, in ms; None: of no moment


@dataclass
class Row:
    video: int
    shot: tuple[int, int]  # (video, number)
    time_ms: int


@dataclass
class Said:
    """What a node says of one row."""

    holds: bool
    score: float | None  # None: a filter
    known: bool = True
    at: int = 0


@dataclass
class Found:
    """One hit: a shot, its score, and what the root says of its rows that hold."""

    shot: tuple[int, int]
    score: float
    rows: list[tuple[int, Said]]  # (time_ms, ...)


class Oracle:
    def __init__(
        self,
        videos: Sequence[PlainVideo],
        spaces: Sequence[Space],
        vectors: dict[str, Sequence[float]],  # of texts, and of pictures in base64
    ) -> None:
        self.videos, self.vectors = videos, vectors
        self.spaces = {space.name: space for space in spaces}
        self.default_space = spaces[0].name
        self.rows = [
            Row(v, (v, n), time_ms)
            for v, video in enumerate(videos)
            for n, (start, end) in enumerate(video.shots)
            for time_ms in sorted(t for t in video.keyframes_ms if start <= t < end)
        ]

    def find(self, root: Node) -> list[Found]:
        """All hits, best first, in order of video and time where scores are equal."""
        shots: dict[tuple[int, int], list[tuple[int, Said]]] = {}
        for row, said in zip(self.rows, self.say(root), strict=True):
            if said.holds:
                shots.setdefault(row.shot, []).append((row.time_ms, said))
        hits = [
            Found(shot, max(1.0 if s.score is None else s.score for _, s in rows), rows)
            for shot, rows in shots.items()
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.shot))

    def say(self, node: Node) -> list[Said]:
        return list(getattr(self, f"say_{node['kind']}")(node))

    # Leaves.

    def say_text(self, node: Node) -> Iterator[Said]:
        space = self.spaces[node["space"] or self.default_space]
        return self.like([self.vectors[node["text"]]], space.name, space.text_range)

    def say_image(self, node: Node) -> Iterator[Said]:
        space = self.spaces[node["space"] or self.default_space]
        return self.like([self.vectors[node["picture"]]], space.name, space.image_range)

    def say_shot(self, node: Node) -> Iterator[Said]:
        space = self.spaces[node["space"] or self.default_space]
        video = next(n for n, one in enumerate(self.videos) if one.uid == node["video"])
        shot = max(
            (
                n
                for n, (start, _) in enumerate(self.videos[video].shots)
                if start <= node["time_ms"]
            ),
            default=0,
        )
        near = [r for r in self.rows if r.shot == (video, shot) and self.seen(r, space.name)]
        row = min(near, key=lambda r: (abs(r.time_ms - node["time_ms"]), r.time_ms))
        return self.like(self.seen(row, space.name), space.name, space.image_range)

    def seen(self, row: Row, space: str) -> list[Sequence[float]]:
        """The vectors of one keyframe as a whole: those of a part of it are no answer to a text."""
        return [
            one.vector.tolist()
            for _, one in self.said_of(row.video, Embedding)
            if one.space == space
            and one.box is None
            and one.track is None
            and one.start_ms <= row.time_ms < one.end_ms
        ]

    def like(self, asked: list[Sequence[float]], space: str, to: Range) -> Iterator[Said]:
        for row in self.rows:
            cosines = [dot(mine, its) for mine in asked for its in self.seen(row, space)]
            if not cosines:
                yield Said(True, 0.0, known=False)
                continue
            score = (max(cosines) - to.low) / (to.high - to.low)
            yield Said(True, min(max(score, 0.0), 1.0), at=1)

    def say_words(self, node: Node) -> Iterator[Said]:
        documents = self.documents(node["where"])
        counts = [
            {key: occurrences(part, words) for key, words in documents.items()}
            for part in parts_of(node["text"])
        ]
        mean = sum(map(len, documents.values())) / max(len(documents), 1)
        scored = {}
        for key, words in documents.items():
            if all(count[key] for count in counts):
                scored[key] = sum(
                    bm25(
                        count[key], sum(map(bool, count.values())), len(documents), len(words), mean
                    )
                    for count in counts
                )
        for row in self.rows:
            start, end = self.bounds(row.shot)
            here = {
                k: b for k, b in scored.items() if k[0] == row.video and k[1] < end > start < k[2]
            }
            if not here:
                yield Said(False, 0.0)
                continue
            best = max(here.values())
            shown = any(b > best - 1e-9 and k[1] <= row.time_ms < k[2] for k, b in here.items())
            yield Said(True, best / (best + 5), at=int(shown))

    def documents(self, where: str) -> dict[tuple[int, int, int, str, str], list[str]]:
        """(video, start, end, kind, analyzer) to words."""
        found: dict[tuple[int, int, int, str, str], list[str]] = {}
        for video in range(len(self.videos)):
            for by, one in self.said_of(video, Words):
                if where in ("any", one.kind.value):
                    key = (video, one.start_ms, one.end_ms, one.kind.value, by)
                    found.setdefault(key, []).extend(one.text.split())
        return found

    def say_label(self, node: Node) -> Iterator[Said]:
        for row in self.rows:
            start, end = self.bounds(row.shot)
            instances: dict[tuple[str, str, int, int], int] = {}
            shown = False
            for by, one in self.said_of(row.video, Label):
                full = f"{one.vocabulary}/{one.name}"
                if node["name"] in (full, one.name) and one.start_ms < end and start < one.end_ms:
                    key = (by, full, one.start_ms, one.end_ms)
                    instances[key] = instances.get(key, 0) + 1
                    shown |= one.box is None and one.start_ms <= row.time_ms < one.end_ms
            holds = OPS[node["op"]](max(instances.values(), default=0), node["count"])
            yield Said(holds, None, at=int(shown and holds))

    def say_colour(self, node: Node) -> Iterator[Said]:
        areas = [self.area(row, node["name"]) for row in self.rows]
        for row, area in zip(self.rows, areas, strict=True):
            shot = [a for r, a in zip(self.rows, areas, strict=True) if r.shot == row.shot]
            holds = max(shot) >= node["min_area"]
            yield Said(holds, area if holds else 0.0, at=int(area >= node["min_area"]))

    def area(self, row: Row, name: str) -> float:
        """Of the picture that a colour covers."""
        return max(
            (
                one.score
                for _, one in self.said_of(row.video, Label)
                if (one.vocabulary, one.name, one.box) == ("colour", name, None)
                and one.start_ms <= row.time_ms < one.end_ms
            ),
            default=0.0,
        )

    def knows(self, node: Node) -> bool:
        """Whether there is anything at all to say about an action or a person."""
        if node["kind"] == "person":
            return any(self.said_of(video, Track) for video in range(len(self.videos)))
        return any(self.called(video, node["name"]) for video in range(len(self.videos)))

    def called(self, video: int, name: str) -> list[Label]:
        """The labels of a name."""
        wanted, said = name.lower(), [one for _, one in self.said_of(video, Label)]
        return [one for one in said if wanted in (f"{one.vocabulary}/{one.name}", one.name)]

    def say_action(self, node: Node) -> Iterator[Said]:
        """Of the shot as a whole only where it is nobody's who is seen."""

        def look(shot: tuple[int, int]) -> list[Moment]:
            start, end = self.bounds(shot)
            here = [one for one in self.called(shot[0], node["name"]) if start < one.end_ms]
            here = [one for one in here if one.start_ms < end]
            boxed = [
                (one.score, row.time_ms)
                for one in here
                for row in self.rows
                if one.box and row.shot == shot and one.start_ms <= row.time_ms < one.end_ms
            ]
            return boxed or [(one.score, None) for one in here]

        return self.seen_at(look)

    def say_person(self, node: Node) -> Iterator[Said]:
        space = next(one for one in self.spaces.values() if one.name.startswith("faces."))
        asked = [self.vectors[picture] for picture in node["pictures"]]

        def look(shot: tuple[int, int]) -> list[Moment]:
            found: list[Moment] = []
            tracks = {one.id: one for _, one in self.said_of(shot[0], Track)}
            for _, one in self.said_of(shot[0], Embedding):
                if one.space != space.name or one.start_ms != self.bounds(shot)[0]:
                    continue
                cosine = max(dot(own, one.vector.tolist()) for own in asked)
                if cosine >= node["least"]:
                    to, track = space.image_range, tracks[one.track]
                    score = min(max((cosine - to.low) / (to.high - to.low), 0.0), 1.0)
                    boxes = [tuple(box) for box in track.boxes.tolist()]
                    found.append((score, int(track.times_ms[boxes.index(one.box)])))
            return found

        return self.seen_at(look)

    def seen_at(self, look: Callable[[tuple[int, int]], list[Moment]]) -> Iterator[Said]:
        """The best moment of each shot, the earliest of equals."""
        for row in self.rows:
            moments = [moment for moment in look(row.shot) if moment[0] > 0]
            if not moments:
                yield Said(False, 0.0)
                continue
            score = max(moment[0] for moment in moments)
            times = [at for found, at in moments if found > score - 1e-7 and at is not None]
            yield Said(True, score, at=int(bool(times) and min(times) == row.time_ms))

    def say_metadata(self, node: Node) -> Iterator[Said]:
        field, op, value = node["field"], node["op"], node["value"]
        for row in self.rows:
            video, (start, end) = self.videos[row.video], self.bounds(row.shot)
            if field == "video":
                yield Said(value in (video.uid, video.name, video.path), None)
            elif field == "time":
                holds = any(OPS[op](t, value) for t in range(start, end, 1))
                yield Said(holds, None, at=int(OPS[op](row.time_ms, value)))
            elif field == "date":
                yield Said(date_holds(video.date_ms, op, value), None)
            elif field in ("duration", "width", "height", "size"):
                facts = {"duration": video.shots[-1][1], "size": video.size_bytes}
                fact = facts.get(field) or getattr(video, field)
                yield Said(OPS[op](fact, value), None)
            else:
                values = [
                    one.value
                    for _, one in self.said_of(row.video, Measure)
                    if one.name == field and one.start_ms < end and start < one.end_ms
                ]
                holds = any(OPS[op](one, value) for one in values)
                yield Said(holds, None, known=bool(values))

    # Joins.

    def say_all_of(self, node: Node) -> Iterator[Said]:
        children = [self.say(child) for child in node["children"]]
        weights = node["weights"] or [1.0] * len(children)
        for said in zip(*children, strict=True):
            pairs = [
                (s.score, w) for s, w in zip(said, weights, strict=True) if s.score is not None
            ]
            holds = all(s.holds for s in said)
            score = mix(pairs, node["by"]) if pairs else None
            yield joined(said, holds, score, at=sum(s.at for s in said))

    def say_any_of(self, node: Node) -> Iterator[Said]:
        for said in zip(*(self.say(child) for child in node["children"]), strict=True):
            scores = None
            if any(s.score is not None for s in said):
                scores = max((counts(s) for s in said if s.holds), default=0.0)
            yield joined(said, any(s.holds for s in said), scores, at=held(said))

    def say_not(self, node: Node) -> Iterator[Said]:
        filters = can_be_false(node["child"])
        for said in self.say(node["child"]):
            if filters:
                yield Said(not said.holds, None, known=said.known)
            else:
                yield Said(True, 1 - (said.score or 0.0) if said.known else 0.0, known=said.known)

    def say_weighted_sum(self, node: Node) -> Iterator[Said]:
        weights = node["weights"]
        for said in zip(*(self.say(child) for child in node["children"]), strict=True):
            total = sum(w * counts(s) for s, w in zip(said, weights, strict=True))
            score = min(max(total / sum(abs(w) for w in weights), 0.0), 1.0)
            yield joined(said, any(s.holds for s in said), score, at=held(said))

    def say_then(self, node: Node) -> Iterator[Said]:
        stages = [self.say(stage) for stage in node["stages"]]
        scoring = [stage for stage in stages if stage and stage[0].score is not None]
        for row in self.rows:
            chains = list(self.chains(row.shot, stages, node))
            if not chains:
                yield Said(False, 0.0 if scoring else None)
                continue
            score = max(fuse(chain, node["fusion"]) for chain in chains) if scoring else None
            rows = [(r, s) for r, s in zip(self.rows, stages[0], strict=True) if r.shot == row.shot]
            first = max(
                ((round(s.score or 0.0, 6), s.at, -r.time_ms) for r, s in rows if s.holds),
                default=None,
            )
            yield Said(True, score, at=int(first is not None and -first[2] == row.time_ms))

    def chains(
        self, shot: tuple[int, int], stages: list[list[Said]], node: Node
    ) -> Iterator[list[float]]:
        """The scores of the stages that score, for every chain that begins in a shot."""
        here = [s for r, s in zip(self.rows, stages[0], strict=True) if r.shot == shot and s.holds]
        if not here:
            return
        scores = [s.score for s in here if s.score is not None]
        own = [max(scores)] if scores else []
        if len(stages) == 1:
            yield own
            return
        for later in self.followers(shot, node):
            for rest in self.chains(later, stages[1:], node):
                yield own + rest

    def followers(self, shot: tuple[int, int], node: Node) -> Iterator[tuple[int, int]]:
        video, number = shot
        shots = self.videos[video].shots
        for later in range(number + 1, len(shots)):
            if node["within_ms"] is not None:
                if shots[later][0] - shots[number][1] <= node["within_ms"]:
                    yield video, later
            elif later - number <= (node["within_shots"] or 4):
                yield video, later

    # The collection.

    def bounds(self, shot: tuple[int, int]) -> tuple[int, int]:
        start, end = self.videos[shot[0]].shots[shot[1]]
        return start, end

    def said_of(self, video: int, kind: type[Finding]) -> list[tuple[str, Any]]:
        return [(by, one) for by, one in self.videos[video].findings if isinstance(one, kind)]


def joined(said: Sequence[Said], holds: bool, score: float | None, at: int) -> Said:
    if not holds:
        return Said(False, None if score is None else 0.0, known=any(s.known for s in said))
    return Said(True, score, any(s.known for s in said if s.holds), at)


def counts(said: Said) -> float:
    """What a child counts in a sum or maximum."""
    if not said.holds:
        return 0.0
    return 1.0 if said.score is None else said.score


def held(said: Sequence[Said]) -> int:
    return sum(s.at for s in said if s.holds)
