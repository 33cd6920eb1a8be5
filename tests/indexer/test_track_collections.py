"""Tracks of collections in search files: read from what is stored, taken over, written anew."""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from plain_films import SPACES, Plain, compare, make_film

from analyzers.clip import Container
from analyzers.finding import End, EndKind, Finding, Relation
from indexer.collection import Collection
from indexer.generations import build
from indexer.generations.build import bring_up_to_date, build_generation
from indexer.generations.followed import clusters_of
from indexer.generations.generation import Generation
from indexer.generations.opening import find_generations, open_generation
from indexer.generations.plain_content import PlainVideo
from indexer.generations.planning import QUICK
from indexer.records import CollectionResult, FoundVideo, Keyframe, Result, Shot, Video


@pytest.fixture
def collection(tmp_path: Path, catalog_url: str | None) -> Iterator[Collection]:
    with Collection.create(tmp_path / "c", catalog_url) as made:
        for space in SPACES:
            made.add_space(space)
        yield made


def films(count: int, seed: int = 3) -> list[PlainVideo]:
    dice = random.Random(seed)
    return [make_film(id, dice) for id in range(1, count + 1)]


def commit(collection: Collection, film: PlainVideo) -> Video:
    """Store a film; what each of its analyzers said is a run."""
    by = list(dict.fromkeys(analyzer for analyzer, _ in film.findings))
    return collection.commit_video(
        FoundVideo(
            path=f"/{film.uid}",
            container=Container(film.uid, "mp4", "h264", 64, 48, 25.0, 200, 1234, 0, ()),
            size_bytes=1234,
            mtime_ns=0,
            sample_hash=f"{film.uid} {film.revision}",
            segmenter="fixed:1",
            decoder="pyav",
            first_ms=0,
            end_ms=200,
            frames=5,
        ),
        [Shot(number, *span) for number, span in enumerate(film.shots)],
        [Keyframe(0, time, time, time + 1) for time in film.keyframes_ms],
        [],
        [Result(name, "1", 0.1, said_by(film, name)) for name in by],
    )


def said_by(film: PlainVideo, analyzer: str) -> Sequence[Finding]:
    return [finding for name, finding in film.findings if name == analyzer]


def up_to_date(collection: Collection) -> Generation:
    bring_up_to_date(collection)
    return open_generation(collection.folder)


def test_columns_of_a_collection_are_what_a_plain_look_gives(collection: Collection) -> None:
    held = films(8)
    for film in held:
        commit(collection, film)
    build_generation(collection)
    generation = open_generation(collection.folder)
    assert len(generation.tracks) > 10
    assert all(len(generation.track_vectors(space.name)) > 10 for space in SPACES)
    compare(generation, Plain(held))


def test_what_is_removed_or_changed_is_in_no_column_any_more(collection: Collection) -> None:
    held = films(12)
    videos = [commit(collection, film) for film in held]
    up_to_date(collection)
    other = films(12, seed=4)[5]
    collection.remove_video(videos[2])
    commit(collection, other)
    bring_up_to_date(collection, rules=QUICK)
    generation = open_generation(collection.folder)
    assert [len(part.videos) for part in generation.parts] == [12, 1]
    compare(generation, Plain([*held[:2], *held[3:5], *held[6:], other]))


def test_clusters_of_a_later_look_at_all_videos_take_the_place_of_earlier(
    collection: Collection,
) -> None:
    films_with_faces = [film for film in films(12) if Plain([film]).tracks]
    stored = [(commit(collection, film), film) for film in films_with_faces]
    for cluster in ("q1", "q2"):
        said = [
            (video, [Relation(0, 9, End(EndKind.TRACK, track.id), "is", person(cluster))])
            for video, film in stored
            for _, track in Plain([film]).tracks[:1]
        ]
        collection.commit_collection_result(CollectionResult("whole", "1", cluster, said))
        tracks = up_to_date(collection).tracks
        number = tracks.clusters().index(cluster)
        assert np.unique(tracks.video[tracks.cluster == number]).tolist() == [*range(len(stored))]
        assert {"q1", "q2"} & set(tracks.clusters()) == {cluster}


def person(id: str) -> End:
    return End(EndKind.PERSON, id)


def test_persons_are_resolved_on_the_tracks_of_one_kind(collection: Collection) -> None:
    held = films(6)
    for film in held:
        commit(collection, film)
    generation = up_to_date(collection)
    faces = clusters_of(generation, "face")
    expected = [(n, pair) for n, pair in enumerate(Plain(held).tracks) if pair[1].kind == "face"]
    assert faces.numbers.tolist() == [number for number, _ in expected]
    tracks = faces.clusters.tracks
    assert [tracks.uids[v] for v in tracks.videos] == [
        generation.videos.uid[video] for _, (video, _) in expected
    ]
    for place, (_, (_, track)) in enumerate(expected):
        own = slice(tracks.offsets[place], tracks.offsets[place + 1])
        assert tracks.times_ms[own].tolist() == track.times_ms.tolist()
        np.testing.assert_array_equal(tracks.boxes[own], track.boxes)


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_tracks_that_cannot_be_read_are_left_out(collection: Collection, damage: str) -> None:
    held = films(8)
    for film in held:
        commit(collection, film)
    path = next((collection.folder / "tracks").rglob("*.parquet"))
    content = path.read_bytes()
    path.unlink() if damage == "missing" else path.write_bytes(b"?")
    generation = up_to_date(collection)
    assert f"the tracks of tracks/tracks/{path.name}, cannot be read" in generation.notes[0]
    assert 0 < len(generation.tracks) < len(Plain(held).tracks)
    assert up_to_date(collection).name == generation.name, "it is not asked for again"
    path.write_bytes(content)
    commit(collection, films(9)[8])
    compare(up_to_date(collection), by_number(collection, [*held, films(9)[8]]))


def by_number(collection: Collection, held: Sequence[PlainVideo]) -> Plain:
    """The films in the order in which the newest generation has them."""
    ids = open_generation(collection.folder).videos.id.tolist()
    return Plain([held[id - 1] for id in ids])


def test_a_part_that_was_written_before_tracks_were_is_written_anew(
    collection: Collection,
) -> None:
    held = films(6)
    for film in held:
        commit(collection, film)
    up_to_date(collection)
    forget_tracks(collection)
    assert len(open_generation(collection.folder).tracks) == 0, "older search files answer"
    compare(up_to_date(collection), Plain(held))


def test_a_part_without_tracks_is_kept_where_nothing_was_followed(collection: Collection) -> None:
    for film in films(6):
        commit(collection, PlainVideo(film.uid, film.shots, film.keyframes_ms))
    name = up_to_date(collection).name
    forget_tracks(collection)
    assert up_to_date(collection).name == name


def forget_tracks(collection: Collection) -> None:
    """Make the newest part one of before there were tracks."""
    part = collection.folder / "indexes" / "parts" / find_generations(collection.folder)[-1]
    manifest = json.loads((part / "manifest.json").read_text())
    manifest["counts"].pop(build.TRACKS)
    new = ("tracks.", "crops.", "labels.boxes.")
    manifest["files"] = {
        file: size for file, size in manifest["files"].items() if not file.startswith(new)
    }
    (part / "manifest.json").write_text(json.dumps(manifest))
