"""A small collection with people in it: painted films, and what a face analyzer would say of them.

Faces are ovals; their tracks, vectors and clusters are written down here, so that tests of persons
need no model. One cluster is torn apart and one holds two people, as happens.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Range, Space
from analyzers.finding import (
    Box,
    Embedding,
    End,
    EndKind,
    Finding,
    Measure,
    Relation,
    Track,
)
from bench.videos import Coding, write_video
from indexer.collection import Collection
from indexer.records import CollectionResult, Result, Video

SPACE = Space("faces.painted", 4, "painted", Range(0.0, 1.0), Range(0.0, 1.0))
SHOT_MS = 2_000
HEIGHT, WIDTH = 180, 320
LEFT: Box = (0.15, 0.2, 0.33, 0.68)
RIGHT: Box = (0.62, 0.25, 0.8, 0.73)
SKIN = {"ann": (236, 188, 150), "bob": (146, 96, 62), "cleo": (250, 222, 200)}
HAIR = {"ann": (120, 40, 20), "bob": (20, 20, 24), "cleo": (225, 180, 60)}
FAST = Coding(options={"preset": "ultrafast", "g": "12"})
WALLS = ((30, 60, 110), (40, 100, 60), (110, 90, 40), (90, 40, 90))
# By video, shot by shot: who is where, and the cluster that would be found.
FILMS: dict[str, tuple[tuple[tuple[str, Box, str], ...], ...]] = {
    "meeting.mp4": (
        (("ann", LEFT, "p0"),),
        (("bob", RIGHT, "p1"),),
        (("ann", LEFT, "p0"), ("bob", RIGHT, "p1")),
    ),
    "walk.mp4": (
        (("ann", RIGHT, "p2"),),  # torn from p0
        (("cleo", LEFT, "p1"),),  # not Bob
        (),
    ),
}


def make_cast(videos: Path, folder: Path, shotseek: Any, *, faces: bool = True) -> Path:
    """Two films, indexed; with `faces` also the three people in them."""
    for name, shots in FILMS.items():
        write_video(
            videos / name, _frames(shots), Coding(options={"preset": "ultrafast", "g": "12"})
        )
    words = ("--encoder", "toy", "--shots", "fixed:2", "--analyzers", "toy,colours")
    ran = shotseek("index", videos, "--collection", folder, *words)
    assert ran.code == 0, ran.err
    if faces:
        add_faces(folder)
        ran = shotseek("rebuild", "--collection", folder)
        assert ran.code == 0, ran.err
    return folder


def add_faces(folder: Path) -> None:
    """Say what `faces` and `persons` would say."""
    with Collection.open_(folder) as collection:
        collection.add_space(SPACE)
        said = []
        for video in collection.catalog.find_videos():
            tracks = list(_tracks(collection, video))
            findings: list[Finding] = []
            for who, track, _ in tracks:
                findings += _describe(who, track)
            collection.commit_results(video, [Result("faces", "1", 0.1, findings)])
            said.append((video, [_belongs(track, cluster) for _, track, cluster in tracks]))
        fresh = {video.id: video for video in collection.catalog.find_videos()}
        pairs = [(fresh[video.id], found) for video, found in said]
        collection.commit_collection_result(CollectionResult("persons", "1", "painted", pairs))


def _tracks(collection: Collection, video: Video) -> Iterator[tuple[str, Track, str]]:
    """Who is seen, the track, and its cluster; sampled at the keyframes."""
    times_ms = [one.time_ms for one in collection.catalog.find_keyframes(video)]
    for number, shot in enumerate(FILMS[video.name]):
        start_ms, end_ms = number * SHOT_MS, (number + 1) * SHOT_MS
        here = [each for each in times_ms if start_ms <= each < end_ms]
        for place, (who, box, cluster) in enumerate(shot):
            track = Track(
                start_ms,
                end_ms,
                f"face-{start_ms}-{place}",
                "face",
                np.array(here, np.int64),
                np.tile(np.array(box, np.float32), (len(here), 1)),
                np.ones(len(here), np.float32),
            )
            yield who, track, cluster


def _describe(who: str, track: Track) -> list[Finding]:
    span = (track.start_ms, track.end_ms)
    vector = np.eye(4, dtype=np.float32)[list(SKIN).index(who)]
    x0, y0, x1, y1 = track.boxes[0].tolist()
    best = Embedding(*span, SPACE.name, vector, (x0, y0, x1, y1), track.id)
    return [track, best, Measure(*span, "face_quality", 60.0 + 10 * (who == "ann"))]


def _belongs(track: Track, cluster: str) -> Relation:
    ends = End(EndKind.TRACK, track.id), End(EndKind.PERSON, cluster)
    return Relation(track.start_ms, track.end_ms, ends[0], "is", ends[1], 0.9)


def _frames(shots: tuple[tuple[tuple[str, Box, str], ...], ...]) -> Iterator[NDArray[np.uint8]]:
    for number, shot in enumerate(shots):
        for step in range(25 * SHOT_MS // 1000):
            frame = np.full((HEIGHT, WIDTH, 3), WALLS[number % len(WALLS)], np.uint8)
            frame[-12:, 2 * step : 2 * step + 20] = 255
            for who, box, _ in shot:
                _paint(frame, who, box)
            yield frame


def _paint(frame: NDArray[np.uint8], who: str, box: Box) -> None:
    """An oval with hair, eyes and a mouth."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    across = (x / WIDTH - (box[0] + box[2]) / 2) / ((box[2] - box[0]) / 2)
    down = (y / HEIGHT - (box[1] + box[3]) / 2) / ((box[3] - box[1]) / 2)
    face = across**2 + down**2 < 1
    frame[face] = SKIN[who]
    frame[face & (down < -0.45)] = HAIR[who]
    for side in (-0.4, 0.4):
        frame[(across - side) ** 2 + (down + 0.15) ** 2 < 0.015] = 15
    frame[(abs(across) < 0.35) & (abs(down - 0.5) < 0.06)] = (170, 40, 50)
