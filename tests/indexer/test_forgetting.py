"""Forgetting somebody for real, and obeying it for ever, over both databases."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_faces import FIRST, LEFT, RIGHT, cluster, face, film, holds, holds_vector, tracks_of

from analyzers.finding import (
    Embedding,
    End,
    EndKind,
    Finding,
    Label,
    Measure,
    Relation,
    Track,
)
from indexer import collection as collection_module
from indexer.collection import Collection
from indexer.commands import run_rebuild
from indexer.generations.build import bring_up_to_date, build_generation
from indexer.generations.opening import find_generations
from indexer.people.error import PersonMissing
from indexer.people.gallery import Gallery
from indexer.people.people import People, open_people
from indexer.people.person import Span
from indexer.people.resolving import find_forgotten
from indexer.people.withholding import Withheld, join_tracks, spans_of
from indexer.records import CollectionResult, Result, RunStanding, RunState, Video

ANN, BOB = "p0", "p1"
WHO = {"a1": ANN, "a2": ANN, "b1": BOB, "b2": BOB}
NAME = "Ann Ephemeral"


@pytest.fixture
def people(collection: Collection, maker: Any) -> Iterator[People]:
    """Ann and Bob side by side, and each alone; with search files of two generations."""
    film(collection, maker, "one.mp4", [face("a1"), face("b1", box=RIGHT, seed=1)])
    build_generation(collection)
    film(collection, maker, "two.mp4", [face("a2")])
    film(collection, maker, "three.mp4", [face("b2", seed=1)])
    cluster(collection, WHO)
    bring_up_to_date(collection)
    with open_people(collection.folder, writing=True) as opened:
        yield opened


@pytest.fixture
def gallery(collection: Collection, people: People) -> Gallery:
    """The door; Ann has a name."""
    made = Gallery(collection, people)
    made.name(ANN, NAME)
    return made


def find_video(collection: Collection, name: str) -> Video:
    return collection.find_video(f"/videos/{name}")


def test_nothing_of_a_forgotten_person_is_left_on_the_disk(
    collection: Collection, gallery: Gallery, people: People
) -> None:
    folder = collection.folder
    assert any(each.startswith("indexes") for each in holds_vector(folder, 0))

    told: list[str] = []
    gone = gallery.forget(NAME, told.append)

    assert (gone.tracks, gone.videos) == (2, 2)
    assert holds_vector(folder, 0) == []
    assert holds(folder, NAME.encode()) == []
    assert find_generations(folder) == [gone.generation]
    assert told == ["tombstones", "one.mp4", "two.mp4", "search files", "name"]
    assert people.find_persons() == []
    with pytest.raises(PersonMissing):
        gallery.get_entry(NAME)
    assert [each.id for each in gallery.find_entries()] == [BOB]
    assert {each.kind for each in collection.check()} == {"video missing"}  # there are no files


def test_what_refers_to_the_tracks_goes_and_everything_else_stays(
    collection: Collection, gallery: Gallery
) -> None:
    one = find_video(collection, "one.mp4")
    before = collection.find_findings(one)
    gallery.forget(NAME)
    after = collection.find_findings(find_video(collection, "one.mp4"))

    gone = len(before) - len(after)
    assert gone == 5  # the track, its vector, its quality, the mood, "is of the cluster"
    assert tracks_of(collection) == {"b1", "b2"}
    assert [each.track for each in after if isinstance(each, Embedding)] == ["b1"]
    assert [each.name for each in after if isinstance(each, Measure)] == [
        "face_quality",
        "sharpness",
    ]
    assert {(each.name, each.track) for each in after if isinstance(each, Label)} == {
        ("dog", None),
        ("glad", "b1"),
    }
    assert [each.subject.value for each in after if isinstance(each, Relation)] == ["b1"]


def test_two_may_be_forgotten_at_once(
    collection: Collection, gallery: Gallery, people: People
) -> None:
    gallery.name(BOB, "Bob")
    inside, waiting = Event(), Event()

    def hold(stage: str) -> None:
        inside.set()
        assert stage != "tombstones" or not waiting.wait(0.3)

    def forget_bob() -> None:
        with open_people(collection.folder, writing=True) as mine:
            Gallery(collection, mine).forget("Bob")
        waiting.set()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(gallery.forget, NAME, hold)
        assert inside.wait(30)
        other = pool.submit(forget_bob)
        one.result(60)
        other.result(60)
    assert people.find_persons() == []
    assert tracks_of(collection) == set()


def test_tombstones_say_when_and_where_and_no_more(gallery: Gallery, people: People) -> None:
    gallery.forget(NAME)
    uids = {each.video for each in people.find_tombstones()}
    assert len(uids) == 2
    for span in people.find_tombstones():
        assert set(vars(span)) == {"video", "start_ms", "end_ms", "box"}
        assert span.box == pytest.approx(LEFT)
    assert {(each.start_ms, each.end_ms) for each in people.find_tombstones()} == {
        FIRST,
        (3_000, 3_001),
    }


def test_runs_keep_their_standing(collection: Collection, gallery: Gallery) -> None:
    one = find_video(collection, "one.mp4")
    collection.mark_stale([RunStanding(one.id, "faces", "1", RunState.DONE)], "a better model")
    gallery.forget(NAME)
    runs = {run.analyzer: run for run in collection.catalog.find_runs(one)}
    assert (runs["faces"].state, runs["faces"].reason) == (RunState.STALE, "a better model")
    assert runs["faces"].seconds == 1.5
    assert (runs["persons"].state, runs["persons"].generation) == (RunState.DONE, "1")


def test_whatever_is_indexed_again_obeys(
    collection: Collection, gallery: Gallery, maker: Any
) -> None:
    gallery.forget(NAME)
    faces = [face("x1"), face("y1", box=RIGHT, seed=1)]
    film(collection, maker, "one.mp4", faces, sample_hash="cut anew")  # replaced at its path
    assert tracks_of(collection) == {"y1", "b2"}

    collection.remove_video(find_video(collection, "two.mp4"))
    film(collection, maker, "elsewhere.mp4", [face("a2")], sample_hash="two.mp4")
    film(collection, maker, "copy.mp4", [face("a3")], sample_hash="two.mp4")
    assert tracks_of(collection) == {"y1", "b2"}
    assert holds_vector(collection.folder, 0) == []


def test_a_copy_that_was_forgotten_is_known_by_its_content(
    collection: Collection, gallery: Gallery, maker: Any
) -> None:
    copy = film(collection, maker, "copy.mp4", [face("a3")], sample_hash="two.mp4")
    cluster(collection, {**WHO, "a3": ANN}, "2")
    gallery.forget(NAME)
    collection.remove_video(copy)
    collection.remove_video(find_video(collection, "two.mp4"))
    film(collection, maker, "again.mp4", [face("a4")], sample_hash="two.mp4")
    assert tracks_of(collection) == {"b1", "b2"}


def test_analyzers_that_come_later_say_nothing_of_who_was_forgotten(
    collection: Collection, gallery: Gallery
) -> None:
    gallery.forget(NAME)
    one = find_video(collection, "one.mp4")
    said: list[Finding] = [
        Label(*FIRST, "action", "runs", 0.5, LEFT, "a1"),
        Label(*FIRST, "action", "runs", 0.5, RIGHT, "b1"),
        Label(*FIRST, "action", "runs", 0.5, RIGHT),
    ]
    assert collection.commit_results(one, [Result("actions", "1", 1.0, said)])
    assert collection.find_findings(one, ["actions"]) == said[1:]

    relations = [
        Relation(*FIRST, End(EndKind.TRACK, track), "is", End(EndKind.PERSON, ANN))
        for track in ("a1", "b1")
    ]
    collection.commit_collection_result(CollectionResult("persons", "1", "2", [(one, relations)]))
    assert collection.find_findings(one, ["persons"]) == relations[1:]


def test_who_is_forgotten_while_a_video_is_stored_is_not_stored(
    collection: Collection, gallery: Gallery, maker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The video is written aside already when somebody else forgets."""
    stage_run, calls = collection_module.stage_run, []

    def stage_and_forget(*given: Any) -> Any:
        staged = stage_run(*given)
        calls.append(staged)
        if len(calls) == 1:
            gallery.forget(NAME)
        return staged

    monkeypatch.setattr(collection_module, "stage_run", stage_and_forget)
    film(collection, maker, "one.mp4", [face("a1")], sample_hash="cut anew")
    assert tracks_of(collection) == {"b2"}
    assert holds_vector(collection.folder, 0) == []


def test_a_cluster_without_a_name_is_forgotten_too(
    collection: Collection, gallery: Gallery, people: People
) -> None:
    gallery.forget(BOB)
    assert tracks_of(collection) == {"a1", "a2"}
    assert [each.name for each in people.find_persons()] == [NAME]
    assert [each.name for each in gallery.find_entries()] == [NAME]


def test_a_rebuild_takes_out_what_a_restored_backup_brought_back(
    collection: Collection, gallery: Gallery, people: People
) -> None:
    """The person is forgotten in the people store only: so it is where the rest is older."""
    one, two = (find_video(collection, name) for name in ("one.mp4", "two.mp4"))
    people.forget(NAME, [Span(video.uid, *FIRST, LEFT) for video in (one, two)])
    assert "a1" not in {each.track for each in gallery.find_appearances(BOB)}
    assert holds_vector(collection.folder, 0)

    run_rebuild(collection.folder, as_json=True)

    assert tracks_of(collection) == {"b1", "b2"}
    in_search = holds_vector(collection.folder, 0)
    assert all(each.startswith("indexes") for each in in_search)  # until the next one


def test_a_forgetting_that_was_broken_off_is_ended_by_the_same_command(
    collection: Collection, gallery: Gallery, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = people.forget

    def fail(*_: object) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(people, "forget", fail)
    with pytest.raises(OSError, match="power cut"):
        gallery.forget(BOB)
    assert [each.name for each in people.find_buried()] == [None]
    assert tracks_of(collection) == {"a1", "a2"}

    monkeypatch.setattr(people, "forget", ended)
    gallery.forget(BOB)  # the cluster is not there any more
    assert people.find_buried() == []
    assert [each.name for each in people.find_persons()] == [NAME]
    with pytest.raises(PersonMissing):
        gallery.forget(BOB)


def kill(folder: Path, every: int) -> None:
    """Forget, killed at every so manyth step, and again until the end."""
    script = Path(__file__).with_name("killed_forgetting.py")
    command = [sys.executable, str(script), str(folder), str(every)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_killed_anywhere_forgetting_ends_well_when_done_again(tmp_path: Path) -> None:
    kill(tmp_path / "c", 37)


@pytest.mark.slow
def test_killed_at_any_step_forgetting_ends_well_when_done_again(tmp_path: Path) -> None:
    kill(tmp_path / "c", 5)


edges = st.integers(0, 16).map(lambda edge: edge / 16)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    times = sorted(draw(st.sets(st.integers(0, 5_000), min_size=1, max_size=6)))
    boxes = []
    for _ in times:
        x0, y0 = draw(edges) * 0.9, draw(edges) * 0.9
        boxes.append((x0, y0, x0 + 0.02 + draw(edges) / 3, y0 + 0.02 + draw(edges) / 3))
    start_ms = times[0] - draw(st.integers(0, 500))
    end_ms = times[-1] + draw(st.integers(1, 500))
    array = np.array(boxes, np.float32)
    scores = np.ones(len(times), np.float32)
    return Track(start_ms, end_ms, "t", "face", np.array(times, np.int64), array, scores)


@settings(max_examples=80, deadline=None)
@given(tracks())
def test_every_sample_of_a_track_lies_under_one_of_its_tombstones(track: Track) -> None:
    spans = spans_of(track, "v")
    assert (spans[0].start_ms, spans[-1].end_ms) == (track.start_ms, track.end_ms)
    assert all(one.end_ms == two.start_ms for one, two in pairwise(spans))
    assert find_forgotten(spans, join_tracks([("v", [track])])).all()
    for at, box in zip(track.times_ms.tolist(), track.boxes, strict=True):
        one = np.array([at], np.int64), np.array([box]), np.ones(1, np.float32)
        sample = Track(at, at + 1, "s", "face", *one)
        assert find_forgotten(spans, join_tracks([("v", [sample])])).all()


def body(id_: str, boxes: list[tuple[float, float, float, float]]) -> Track:
    """A person followed at 0, 1,000, 2,000 ... ms."""
    times, array = np.arange(len(boxes), dtype=np.int64) * 1_000, np.array(boxes, np.float32)
    scores = np.ones(len(boxes), np.float32)
    return Track(0, len(boxes) * 1_000, id_, "coco/person", times, array, scores)


def test_the_body_of_a_forgotten_face_goes_with_its_crops_and_actions() -> None:
    around, beside = (0.05, 0.15, 0.4, 0.95), (0.5, 0.1, 0.9, 0.9)
    mine, other = body("mine", [around] * 4), body("other", [beside] * 4)
    passing = body("passing", [around, beside, beside, beside])
    dog = replace(body("dog", [around] * 4), kind="coco/dog")
    tracks = [mine, other, passing, dog]
    said = {
        "objects": [each for track in tracks for each in (track, Measure(0, 4_000, "size", 1.0))],
        "actions": [
            found
            for track in tracks
            for found in (
                Embedding(0, 1_000, "crops", np.ones(1, np.float32), around, track.id),
                Label(0, 1_000, "action", "walk", 1.0, around, track.id),
            )
        ],
    }
    spans = (Span("v", 0, 1_500, LEFT), Span("v", 1_500, 4_000, LEFT))
    kept = Withheld(spans).leave_out(said)
    assert kept == {name: found[2:] for name, found in said.items()}
    alone = Withheld(spans, stored=(other, passing, dog)).leave_out({"actions": said["actions"]})
    assert alone["actions"] == kept["actions"]


def test_a_body_between_whose_samples_somebody_was_said_to_be_goes() -> None:
    around, beside = (0.05, 0.15, 0.4, 0.95), (0.5, 0.1, 0.9, 0.9)
    near, far = body("near", [beside, around, beside]), body("far", [around, beside, around])
    kept = Withheld((Span("v", 1_200, 1_201, LEFT),)).leave_out({"objects": [near, far]})
    assert kept["objects"] == [far]


def test_what_has_no_track_goes_by_its_box_and_things_stay() -> None:
    box = Embedding(0, 10, "faces", np.ones(1, np.float32), LEFT)
    other = Embedding(0, 10, "faces", np.ones(1, np.float32), RIGHT)
    whole = Embedding(0, 10, "pictures", np.ones(1, np.float32))
    bag = Track(0, 10, "bag", "coco/bag", np.array([5]), np.float32([LEFT]), np.ones(1, np.float32))
    carried = Label(0, 10, "coco", "bag", 1.0, LEFT, "bag")
    found: list[Finding] = [box, other, whole, bag, carried]
    kept = Withheld((Span("v", 0, 10, LEFT),)).leave_out({"look": found})["look"]
    assert [found.index(each) for each in kept] == [1, 2, 3, 4]


def test_without_tombstones_findings_are_handed_on_as_they_are() -> None:
    found = face("a1")
    assert Withheld().leave_out({"faces": found})["faces"] is found
