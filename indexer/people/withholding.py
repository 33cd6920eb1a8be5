"""What may not be stored of a video, because somebody in it was forgotten.

Pure functions of findings and tombstones, for what is stored anew and for what is stored already.
Knows no files, no database, no names.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from analyzers.finding import Embedding, End, EndKind, Finding, Label, Measure, Relation, Track
from indexer.people.person import Span
from indexer.people.resolving import find_forgotten
from indexer.people.tracks import Tracks

FACE = "face"  # the kind of tracks that tell who somebody is
BODY = "person"  # the last part of the kind of tracks that follow whole persons: "coco/person"
SHARE_HELD = 0.8  # of the area of a face, from which a body's box holds it
SHARE_OF_BODY = 0.5  # of a body's samples at the times of tombstones, from which it goes
SAME_BOX = 0.7  # intersection over union, up to which one tombstone stands for several samples


@dataclass(frozen=True, eq=False)
class Withheld:
    """Tombstones of one video, and the tracks of faces that are stored of it."""

    spans: tuple[Span, ...] = ()
    stored: tuple[Track, ...] = ()

    def leave_out(self, said: Mapping[str, Sequence[Finding]]) -> dict[str, Sequence[Finding]]:
        """What may be stored of what analyzers said, by their names.

        A face track under a tombstone goes, and the track of a body whose boxes hold such a face in
        half of its samples at those times or more: who passes behind for a moment stays. With a
        track goes every Embedding, Label and Relation that refers to it and the Measures that
        follow it with its span. So does what refers to a track that is neither said nor stored, at
        a time of a tombstone: it was of somebody who went before. An Embedding of a box without a
        track goes by its box. Lists in which nothing goes are returned as they are.
        """
        if not self.spans:
            return dict(said)
        tracks = {
            name: [each for each in found if isinstance(each, Track)]
            for name, found in said.items()
        }
        known = {each.id for found in [*tracks.values(), self.stored] for each in found}
        gone_before = self._find_buried(self.stored)
        buried = {name: self._find_buried(found) for name, found in tracks.items()}
        everywhere = gone_before.union(*buried.values())
        kept: dict[str, Sequence[Finding]] = {}
        for name, found in said.items():
            own = {each.id for each in tracks[name]}
            gone = buried[name] | (everywhere - own)
            rest = self._filter(found, gone, known)
            kept[name] = found if len(rest) == len(found) else rest
        return kept

    def _find_buried(self, tracks: Iterable[Track]) -> set[str]:
        """The ids of the tracks of faces that lie under a tombstone, and of the bodies of those."""
        followed = list(tracks)
        return self._find_faces(followed) | self._find_bodies(followed)

    def _find_faces(self, tracks: Sequence[Track]) -> set[str]:
        faces = [each for each in tracks if each.kind == FACE]
        seen = [each for each in faces if len(each.times_ms)]
        unseen = {each.id for each in faces if not len(each.times_ms) and self._is_near(each)}
        if not seen:
            return unseen
        uid = self.spans[0].video
        spans = [Span(uid, each.start_ms, each.end_ms, each.box) for each in self.spans]
        flags = find_forgotten(spans, join_tracks([(uid, seen)]))
        return unseen | {each.id for each, is_gone in zip(seen, flags, strict=True) if is_gone}

    def _find_bodies(self, tracks: Sequence[Track]) -> set[str]:
        bodies = [each for each in tracks if _is_body(each) and self._is_near(each)]
        return {
            body.id
            for body in bodies
            if not len(body.times_ms) or self._share_held(body) >= SHARE_OF_BODY
        }

    def _share_held(self, body: Track) -> float:
        """In how many of a body's samples at the times of tombstones its box holds such a face.

        Where a tombstone falls between two samples, the nearer one counts.
        """
        times = np.asarray(body.times_ms, np.int64)
        boxes = np.asarray(body.boxes, np.float64).reshape(-1, 4)
        is_held: dict[int, bool] = {}
        for span in self.spans:
            if not (span.start_ms < body.end_ms and body.start_ms < span.end_ms):
                continue
            met = np.flatnonzero((times >= span.start_ms) & (times < span.end_ms)).tolist()
            for at in met or [int(abs(times - (span.start_ms + span.end_ms) / 2).argmin())]:
                holds = _share_inside(span.box, boxes[at].tolist()) >= SHARE_HELD
                is_held[at] = is_held.get(at, False) or holds
        return sum(is_held.values()) / len(is_held) if is_held else 0.0

    def _filter(self, found: Sequence[Finding], gone: Set[str], known: Set[str]) -> list[Finding]:
        rest: list[Finding] = []
        last: tuple[int, int] | None = None  # the span of the track before, if that goes
        for finding in found:
            span = (finding.start_ms, finding.end_ms)
            if isinstance(finding, Track):
                is_somebody = finding.kind == FACE or _is_body(finding)
                last = span if is_somebody and finding.id in gone else None
                goes = last is not None
            elif isinstance(finding, Measure):
                goes = span == last
            else:
                goes = self._speaks_of(finding, gone, known)
            if not goes:
                rest.append(finding)
        return rest

    def _speaks_of(self, finding: Finding, gone: Set[str], known: Set[str]) -> bool:
        """Whether a finding that is no track and no measure is about somebody who was forgotten."""
        ids = set(_references(finding))
        if ids & gone or (ids - known and self._is_near(finding)):
            return True
        if isinstance(finding, Embedding) and finding.box is not None and not ids:
            return bool(self._find_buried([_as_track(finding)]))
        return False

    def _is_near(self, finding: Finding) -> bool:
        """Whether a tombstone shares time with it."""
        return any(
            span.start_ms < finding.end_ms and finding.start_ms < span.end_ms for span in self.spans
        )


def join_tracks(videos: Sequence[tuple[str, Sequence[Track]]]) -> Tracks:
    """Tracks as arrays side by side, video by video (by uid); each has one box at least."""
    tracks = [track for _, found in videos for track in found]
    counts = [len(track.times_ms) for track in tracks]
    times = [np.asarray(track.times_ms, np.int64) for track in tracks]
    boxes = [np.asarray(track.boxes, np.float32).reshape(-1, 4) for track in tracks]
    return Tracks(
        uids=tuple(uid for uid, _ in videos),
        videos=np.repeat(np.arange(len(videos)), [len(found) for _, found in videos]),
        start_ms=np.array([track.start_ms for track in tracks], np.int64),
        end_ms=np.array([track.end_ms for track in tracks], np.int64),
        offsets=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        times_ms=np.concatenate([*times, np.zeros(0, np.int64)]),
        boxes=np.concatenate([*boxes, np.zeros((0, 4), np.float32)]),
    )


def spans_of(track: Track, uid: str) -> list[Span]:
    """The tombstones under which a track lies: where it is seen, sample by sample.

    Each sample stands for the time until half-way to its neighbours; samples in a row whose boxes
    are nearly the same share one.
    """
    times = np.asarray(track.times_ms, np.int64)
    if not len(times):
        return []
    middles = (times[1:] + times[:-1] + 1) // 2
    edges = [min(track.start_ms, int(times[0])), *middles.tolist()]
    edges.append(max(track.end_ms, int(times[-1]) + 1))
    boxes = np.asarray(track.boxes, np.float64).reshape(-1, 4).tolist()
    spans: list[Span] = []
    for start_ms, end_ms, box in zip(edges[:-1], edges[1:], boxes, strict=True):
        if spans and _overlap(spans[-1].box, box) >= SAME_BOX:
            spans[-1] = Span(uid, spans[-1].start_ms, end_ms, spans[-1].box)
        else:
            spans.append(Span(uid, start_ms, end_ms, (box[0], box[1], box[2], box[3])))
    return spans


def _references(finding: Finding) -> list[str]:
    """The ids of the tracks that a finding refers to."""
    if isinstance(finding, Embedding | Label):
        return [] if finding.track is None else [finding.track]
    if isinstance(finding, Relation):
        ends: tuple[End, End] = (finding.subject, finding.object)
        return [end.value for end in ends if end.kind is EndKind.TRACK]
    return []


def _as_track(embedding: Embedding) -> Track:
    """A box that was described, as a track of one sample."""
    start_ms, end_ms = embedding.start_ms, embedding.end_ms
    return Track(
        start_ms=start_ms,
        end_ms=end_ms,
        id="box",
        kind=FACE,
        times_ms=np.array([start_ms], np.int64),
        boxes=np.array([embedding.box], np.float32),
        scores=np.ones(1, np.float32),
    )


def _is_body(track: Track) -> bool:
    return track.kind.rpartition("/")[2] == BODY


def _share_inside(one: Sequence[float], other: Sequence[float]) -> float:
    """How much of the area of one box lies in another: in [0, 1]."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    area = (one[2] - one[0]) * (one[3] - one[1])
    return max(width, 0.0) * max(height, 0.0) / area if area > 0 else 0.0


def _overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Intersection over union of two boxes."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(width, 0.0) * max(height, 0.0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    whole = sum(areas) - shared
    return shared / whole if whole > 0 else 0.0
