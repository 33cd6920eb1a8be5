"""Clusters of faces as a collection grows, shrinks and forgets: the analyzer over all videos."""

from typing import Any

from made_faces import RIGHT, SECOND, face, film

from analyzers.finding import EndKind, Relation
from analyzers.persons import PersonsAnalyzer
from indexer.collection import Collection
from indexer.filling.report import IndexReport
from indexer.filling.whole_collection import run_collection_analyzers
from indexer.people.gallery import Gallery
from indexer.people.people import open_people
from indexer.records import Result

ANN, BOB, EVE = 0, 1, 3  # seeds of vectors that are unlike each other


def run(collection: Collection, analyzer: PersonsAnalyzer | None = None) -> bool:
    """Whether it had anything to do."""
    report = IndexReport(str(collection.folder))
    run_collection_analyzers(collection, [analyzer or PersonsAnalyzer()], report)
    assert not report.failures
    return "persons" in report.analyzer_seconds


def persons_of(collection: Collection) -> dict[str, str]:
    found: dict[str, str] = {}
    for video in collection.catalog.find_videos():
        for one in collection.find_findings(video, ["persons"]):
            assert isinstance(one, Relation)
            assert (one.subject.kind, one.object.kind) == (EndKind.TRACK, EndKind.PERSON)
            found[one.subject.value] = one.object.value
    return found


def fill(collection: Collection, maker: Any) -> None:
    film(collection, maker, "one.mp4", [face("a1", seed=ANN), face("b1", box=RIGHT, seed=BOB)])
    film(collection, maker, "two.mp4", [face("b2", seed=BOB), face("a2", SECOND, seed=ANN)])


def test_a_new_video_joins_the_persons_of_before(collection: Collection, maker: Any) -> None:
    fill(collection, maker)
    assert run(collection)
    before = persons_of(collection)
    assert before == {"a1": "p0", "b1": "p1", "a2": "p0", "b2": "p1"}
    assert not run(collection)

    film(collection, maker, "three.mp4", [face("e3", seed=EVE), face("b3", SECOND, seed=BOB)])
    assert run(collection)
    assert persons_of(collection) == {**before, "e3": "p2", "b3": "p1"}
    assert not run(collection)


def test_numbers_stay_when_the_video_they_began_with_is_removed(
    sqlite_collection: Collection, maker: Any
) -> None:
    fill(sqlite_collection, maker)
    run(sqlite_collection)
    sqlite_collection.remove_video(sqlite_collection.find_video("one.mp4"))
    film(sqlite_collection, maker, "zero.mp4", [face("e0", seed=EVE), face("a0", SECOND, seed=ANN)])
    assert run(sqlite_collection)
    assert persons_of(sqlite_collection) == {"a2": "p0", "b2": "p1", "e0": "p2", "a0": "p0"}


def test_what_was_said_of_faces_that_were_found_anew_does_not_count(
    sqlite_collection: Collection, maker: Any
) -> None:
    fill(sqlite_collection, maker)
    run(sqlite_collection)
    two = sqlite_collection.find_video("two.mp4")
    anew = [*face("b2", seed=ANN), *face("a2", SECOND, seed=BOB)]  # the same ids mean others now
    sqlite_collection.commit_results(two, [Result("faces", "2", 1.0, anew)])
    assert run(sqlite_collection)
    assert persons_of(sqlite_collection) == {"a1": "p0", "b1": "p1", "b2": "p0", "a2": "p1"}


def test_another_version_starts_anew(sqlite_collection: Collection, maker: Any) -> None:
    fill(sqlite_collection, maker)
    run(sqlite_collection)
    sqlite_collection.remove_video(sqlite_collection.find_video("one.mp4"))
    analyzer = PersonsAnalyzer()
    analyzer.version = "later"
    assert run(sqlite_collection, analyzer)
    assert persons_of(sqlite_collection) == {"b2": "p0", "a2": "p1"}


def test_who_was_forgotten_does_not_come_back_and_the_others_keep_their_numbers(
    collection: Collection, maker: Any
) -> None:
    fill(collection, maker)
    run(collection)
    with open_people(collection.folder, writing=True) as people:
        Gallery(collection, people).forget("p0")
    assert persons_of(collection) == {"b1": "p1", "b2": "p1"}
    film(collection, maker, "three.mp4", [face("e3", seed=EVE)])
    assert run(collection)
    assert persons_of(collection) == {"b1": "p1", "b2": "p1", "e3": "p2"}
    assert not run(collection)


def test_forgetting_alone_makes_it_run_again(sqlite_collection: Collection, maker: Any) -> None:
    fill(sqlite_collection, maker)
    run(sqlite_collection)
    with open_people(sqlite_collection.folder, writing=True) as people:
        Gallery(sqlite_collection, people).forget("p1")
    assert run(sqlite_collection)
    assert persons_of(sqlite_collection) == {"a1": "p0", "a2": "p0"}


def test_a_video_of_which_nothing_else_is_said_is_not_written_again(
    collection: Collection, maker: Any
) -> None:
    fill(collection, maker)
    run(collection)
    with collection.catalog.reading() as reader:
        before = reader.read_revisions()
    film(collection, maker, "three.mp4", [face("e3", seed=EVE), face("b3", SECOND, seed=BOB)])
    assert run(collection)
    with collection.catalog.reading() as reader:
        after = reader.read_revisions()
    assert {video: after[video] for video in before} == before
    runs = [
        each for v in collection.catalog.find_videos() for each in collection.catalog.find_runs(v)
    ]
    assert len({each.generation for each in runs if each.analyzer == "persons"}) == 1


def test_a_video_without_faces_any_more_loses_what_was_said_of_them(
    collection: Collection, maker: Any
) -> None:
    fill(collection, maker)
    run(collection)
    collection.commit_results(collection.find_video("two.mp4"), [Result("faces", "2", 1.0, [])])
    assert run(collection)
    assert persons_of(collection) == {"a1": "p0", "b1": "p1"}


def test_numbers_stay_where_the_same_faces_were_found_anew_twice(
    sqlite_collection: Collection, maker: Any
) -> None:
    fill(sqlite_collection, maker)
    run(sqlite_collection)
    sqlite_collection.remove_video(sqlite_collection.find_video("one.mp4"))
    anew = [*face("b2", seed=BOB), *face("a2", SECOND, seed=ANN)]
    for version in ("2", "3"):
        two = sqlite_collection.find_video("two.mp4")
        sqlite_collection.commit_results(two, [Result("faces", version, 1.0, anew)])
        assert run(sqlite_collection)
        said = persons_of(sqlite_collection)
        film(sqlite_collection, maker, f"{version}.mp4", [face(f"e{version}", seed=EVE)])
        assert run(sqlite_collection)
        assert {key: persons_of(sqlite_collection)[key] for key in said} == said
