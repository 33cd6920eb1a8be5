"""How right clusters of faces are: pairs, and the truth of made films."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.clip import Container
from analyzers.encoder import Range, Space
from analyzers.finding import Embedding, End, EndKind, Relation, Track
from bench.people.clusters import find_person, judge_clusters, judge_pairs
from bench.people.identities import Population, draw_identities
from bench.world.truth import SeenPerson, Truth
from indexer.collection import Collection
from indexer.records import CollectionResult, FoundVideo, Result, Shot, Video
from tests.bench.world.made_truths import make_truth

CONTAINER = Container("made.mp4", "mp4", "h264", 320, 180, 25.0, 1_000, 1, 0)
SPACE = Space("faces.made.00000000", 2, "", Range(-1, 1), Range(-1, 1))


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 3)), max_size=14))
def test_pairs_are_counted_as_one_by_one(rows: list[tuple[int, int]]) -> None:
    truth, clusters = np.array(rows, np.int64).reshape(-1, 2).T
    figures = judge_pairs(truth, clusters)
    pairs = list(combinations([row for row in rows if row[0] >= 0], 2))
    same, made = (sum(a[side] == b[side] for a, b in pairs) for side in (0, 1))
    both = sum(a[0] == b[0] and a[1] == b[1] for a, b in pairs)
    assert figures.precision == (both / made if made else 1.0)
    assert figures.recall == (both / same if same else 1.0)
    assert figures.unknown == sum(row[0] < 0 for row in rows)
    if both:
        assert figures.f1 == pytest.approx(2 * both / (made + same))


def follow(seen: SeenPerson, moved: float = 0.0) -> Track:
    boxes = np.array(seen.face.boxes, np.float32) + np.float32(moved)
    times_ms = np.array(seen.face.times_ms, np.int64) + 40
    start_ms, scores = int(times_ms[0]), np.ones(len(boxes), np.float32)
    id_ = f"face-{start_ms}-{seen.person}"
    return Track(start_ms, int(times_ms[-1]) + 1, id_, "face", times_ms, boxes, scores)


def show_faces(film: Truth) -> list[SeenPerson]:
    return [seen for shot in film.shots for seen in shot.persons if seen.face.times_ms]


def test_a_track_is_of_the_face_that_it_overlaps() -> None:
    film = make_truth(4)
    for seen in show_faces(film):
        assert find_person(follow(seen), film) is not None
        assert find_person(follow(seen, 0.5), film) != seen.person
    alone = [shot.persons[0] for shot in film.shots if len(shot.persons) == 1]
    for seen in alone:
        if seen.face.times_ms:
            assert find_person(follow(seen), film) == seen.person


def store(collection: Collection, name: str, tracks: list[Track], end_ms: int) -> Video:
    found = FoundVideo(
        path=f"/films/{name}", container=CONTAINER, size_bytes=1, mtime_ns=1, sample_hash=name,
        segmenter="given", decoder="pyav", first_ms=0, end_ms=end_ms, frames=1,
    )  # fmt: skip
    vector = np.array([1, 0], np.float32)
    said = [
        each
        for track in tracks
        for each in (
            track,
            Embedding(track.start_ms, track.end_ms, SPACE.name, vector, track=track.id),
        )
    ]
    faces = Result("faces", "1", 0.0, said)
    return collection.commit_video(found, [Shot(0, 0, end_ms)], [], [], [faces])


def test_clusters_of_a_collection_are_judged_by_the_truth_of_its_films(tmp_path: Path) -> None:
    films = {f"{film.id}.mp4": film for film in (make_truth(1), make_truth(2))}
    with Collection.create(tmp_path / "c") as collection:
        collection.add_space(SPACE)
        answers = []
        for name, film in [*films.items(), ("strange.mp4", make_truth(3))]:
            tracks = [follow(seen) for seen in show_faces(film)]
            video = store(collection, name, tracks, film.length_ms + 100)
            said = [
                Relation(
                    track.start_ms,
                    track.end_ms,
                    End(EndKind.TRACK, track.id),
                    "is",
                    End(EndKind.PERSON, find_person(track, film) or "nobody"),
                )
                for track in tracks
            ]
            answers.append((video, said))
        collection.commit_collection_result(CollectionResult("persons", "1", "1", answers))
        figures = judge_clusters(collection, films)
    assert (figures.precision, figures.recall, figures.f1) == (1.0, 1.0, 1.0)
    assert figures.tracks == sum(len(show_faces(film)) for film in films.values())
    assert figures.unknown == 0
    assert figures.persons == figures.clusters > 2


def test_made_identities_are_the_same_for_the_same_seed_and_never_twice_in_a_shot() -> None:
    one, again = (draw_identities(Population(tracks=900), 4) for _ in range(2))
    assert np.array_equal(one.vectors, again.vectors)
    assert np.allclose(np.linalg.norm(one.vectors, axis=1), 1, atol=1e-5)
    places = set(zip(one.videos, one.start_ms, one.persons, strict=True))
    assert len(places) == 900
    good = one.qualities >= 45
    cosines = one.vectors[good] @ one.vectors[good].T
    same = one.persons[good][:, None] == one.persons[good]
    assert 0.1 < cosines[~same].mean() < 0.2
    assert cosines[same].mean() > 0.45
