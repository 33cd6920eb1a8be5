"""What each kind of leaf finds, and what it gives as its reason."""

import base64
import io
from collections.abc import Callable

import numpy as np
import pytest
from films import BOX, painted
from hypothesis import HealthCheck, given, settings
from oracle import Oracle
from PIL import Image
from trees import TREES, VECTORS, WORLDS, ground
from worlds import make_world

from analyzers.error import SettingsError
from analyzers.finding import Embedding, Words, WordsKind
from analyzers.toy import ToyEncoder
from indexer.error import AmbiguousVideo, VideoMissing
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.writing import build_in_memory
from search.cosines import find_cosines, walk
from search.engine import SearchEngine
from search.error import QueryInvalid
from search.hits import SearchResult
from search.layout import Layout
from search.people_source import PeopleSource
from search.persons import Persons
from search.query import Query
from search.vector_leaf import VectorLeaf
from search.vector_source import VectorSource
from search.view import View

Ask = Callable[..., SearchResult]


def found(result: SearchResult) -> list[str]:
    return [hit.shot for hit in result.hits]


def picture(colour: str) -> str:
    file = io.BytesIO()
    Image.fromarray(painted(colour)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_text_ranks_by_its_calibrated_cosine(ask: Ask) -> None:
    result = ask({"kind": "text", "text": "blue"}, k=20)
    assert set(found(result)[:2]) == {"a1@1000", "b2@2000"}
    assert result.hits[0].score == pytest.approx(1.0)
    assert result.hits[0].why.evidence("asked") == "blue"
    low, high = result.hits[0].why.evidence("range")
    assert high == pytest.approx(result.hits[0].why.evidence("cosine"), abs=1e-5)
    assert low == 0
    assert result.space == "toy"


def test_what_has_no_vector_scores_nothing_and_says_so(ask: Ask) -> None:
    hits = ask({"kind": "text", "text": "green"}, k=20).hits
    blank = [hit for hit in hits if hit.video == "blank.mkv"]
    assert len(blank) == 2
    assert all(hit.score == 0 and hit.why.to_json()["known"] is False for hit in blank)
    assert hits[0].shot == "a1@4000"
    assert "known" not in hits[0].why.to_json()


def test_not_of_an_unknown_score_is_unknown_too(ask: Ask) -> None:
    hits = ask({"kind": "not", "child": {"kind": "text", "text": "green"}}, k=20).hits
    assert hits[0].score == pytest.approx(1.0)
    assert {hit.video for hit in hits if hit.score == 0} == {"parade.mp4", "blank.mkv"}


def test_a_picture_finds_its_like(ask: Ask) -> None:
    result = ask({"kind": "image", "picture": picture("white"), "name": "white.png"}, k=2)
    assert found(result) == ["a1@2000", "c3@0"]
    assert result.hits[0].score == pytest.approx(1.0)
    assert result.hits[0].why.evidence("asked") == "white.png"


def test_a_shot_finds_itself_and_its_like(ask: Ask) -> None:
    for video in ("b2", "city/night.mp4"):
        result = ask({"kind": "shot", "video": video, "time_ms": 2999}, k=3)
        assert found(result)[:2] == ["a1@1000", "b2@2000"]
        assert result.hits[1].score == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("video", "time_ms", "error", "said"),
    [
        ("parade.mp3", 0, VideoMissing, "the nearest is parade.mp4"),
        ("night.mp4", 0, AmbiguousVideo, "city/night.mp4, sea/night.mp4"),
        ("parade.mp4", 5000, QueryInvalid, "runs from 0:00.000 to 0:05.000, not at 0:05.000"),
        ("blank.mkv", 0, QueryInvalid, "has no vector in the space toy"),
    ],
)
def test_a_shot_that_is_not_there_is_refused(
    ask: Ask, video: str, time_ms: int, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        ask({"kind": "shot", "video": video, "time_ms": time_ms})


LATE = "runs from 3:00:00.000 to 3:00:01.000"


def test_a_video_that_starts_late_has_no_shot_before() -> None:
    start = 3 * 3_600_000
    seen = ("toy", Embedding(start, start + 1000, "toy", ToyEncoder().encode_texts(["red"])[0]))
    film = PlainVideo("a", [(start, start + 1000)], [start + 500], (seen,), name="late.ts")
    engine = SearchEngine(build_in_memory(content_of([film], [ToyEncoder().space])))

    def ask_at(time_ms: int) -> list[str]:
        root = {"kind": "shot", "video": "late.ts", "time_ms": time_ms}
        return found(engine.search(Query.model_validate({"root": root})))

    for time_ms in (start - 2000, start, start + 999):
        assert ask_at(time_ms) == [f"a@{start}"]
    for time_ms in (7000, start - 2001, start + 1000):
        with pytest.raises(QueryInvalid, match=LATE):
            ask_at(time_ms)


def test_a_text_that_is_like_nothing_is_told(ask: Ask) -> None:
    (note,) = ask({"kind": "text", "text": "giraffe"}).notes
    assert note.startswith('every picture scores 0 for "giraffe"')
    assert "the space toy does not know these words" in note
    assert ask({"kind": "text", "text": "red"}).notes == ()


def test_words_filter_and_score_by_bm25(ask: Ask) -> None:
    result = ask({"kind": "words", "text": '"entry after"', "where": "read"})
    assert found(result) == ["a1@1000"]
    why = result.hits[0].why
    bm25 = why.evidence("bm25")
    assert result.hits[0].score == pytest.approx(bm25 / (bm25 + 5))
    assert why.evidence("found") == "No entry after dark"
    assert (why.evidence("source"), why.evidence("start_ms")) == ("read", 1000)


def test_words_hold_for_every_shot_that_they_overlap(ask: Ask) -> None:
    subtitle = ask({"kind": "words", "text": "here they", "where": "subtitle"})
    assert sorted(found(subtitle)) == ["a1@1000", "a1@2000", "a1@3000"]
    assert len(ask({"kind": "words", "text": "parade", "where": "title"}).hits) == 5
    assert not ask({"kind": "words", "text": "parade", "where": "read"}).hits


def test_the_best_words_of_a_shot_name_its_moment() -> None:
    # Two keyframes; the words of the second match better, those of the first match too.
    said = (
        ("ocr", Words(0, 500, WordsKind.READ, "sale and many other words here")),
        ("ocr", Words(500, 1000, WordsKind.READ, "sale")),
    )
    film = PlainVideo("a", [(0, 1000)], [250, 750], said)
    engine = SearchEngine(build_in_memory(content_of([film])))
    hit = engine.search(Query.model_validate({"root": {"kind": "words", "text": "sale"}})).hits[0]
    assert hit.time_ms == 750
    assert hit.why.evidence("found") == "sale"


def test_words_are_no_evidence_at_the_moment_they_end() -> None:
    said = (("subtitles", Words(300, 750, WordsKind.SUBTITLE, "sale")),)
    film = PlainVideo("a", [(0, 1000)], [250, 750], said)
    engine = SearchEngine(build_in_memory(content_of([film])))
    hit = engine.search(Query.model_validate({"root": {"kind": "words", "text": "sale"}})).hits[0]
    assert hit.time_ms == 250


@pytest.mark.parametrize(
    ("op", "count", "shots"),
    [
        (">=", 1, ["a1@0", "a1@2000"]),
        ("=", 2, ["a1@0"]),
        ("=", 1, ["a1@2000"]),
        (">", 2, []),
    ],
)
def test_labels_are_counted(ask: Ask, op: str, count: int, shots: list[str]) -> None:
    root = {"kind": "label", "name": "coco/person", "op": op, "count": count}
    assert found(ask(root)) == shots


def test_the_surest_instance_tells_its_box_and_moment(ask: Ask) -> None:
    first, second = ask({"kind": "label", "name": "coco/person"}).hits
    told = first.why.to_json()
    assert (told["count"], told["confidence"]) == (2, pytest.approx(0.9))
    assert told["box"] == pytest.approx(BOX)
    assert first.start_ms <= told["time_ms"] < first.end_ms
    assert second.start_ms <= second.why.to_json()["time_ms"] < second.end_ms
    (colour, *_) = ask({"kind": "label", "name": "colour/red"}).hits
    assert "box" not in colour.why.to_json()


def test_a_label_that_was_not_seen_counts_none(ask: Ask) -> None:
    none = ask({"kind": "label", "name": "coco/person", "op": "=", "count": 0}, k=50)
    assert len(none.hits) == 11
    assert none.hits[0].score == 1.0
    assert none.hits[0].why.to_json() == {
        "kind": "label",
        "score": None,
        "asked": "coco/person = 0",
        "count": 0,
        "confidence": None,
    }


def test_a_label_that_never_occurs_finds_nothing_and_says_so(ask: Ask) -> None:
    result = ask({"kind": "label", "name": "coco/persona"})
    assert not result.hits
    assert result.notes == ("no shot has the label coco/persona; the nearest is coco/person",)


def test_the_nearest_label_is_told_in_any_case(ask: Ask) -> None:
    for name, near in (("colours/red", "colour/red"), ("COCO/PERSONA", "coco/person")):
        assert ask({"kind": "label", "name": name}).notes == (
            f"no shot has the label {name}; the nearest is {near}",
        )


@pytest.mark.parametrize(
    ("op", "count", "told"),
    [("=", 1, True), (">=", 2, True), ("<", 3, True), (">=", 1, False), ("=", 0, False)],
)
def test_who_counts_a_colour_is_told_what_is_counted(
    ask: Ask, op: str, count: int, told: bool
) -> None:
    root = {"kind": "label", "name": "colour/red", "op": op, "count": count}
    assert [note[-10:] for note in ask(root).notes] == ["colour=red"] * told
    assert not ask({**root, "name": "coco/person"}).notes


def test_colour_scores_the_covered_area(ask: Ask) -> None:
    result = ask({"kind": "colour", "name": "red"})
    assert found(result) == ["a1@0", "a1@3000", "b2@3000", "c3@1000"]
    assert result.hits[0].score == 1.0
    assert (
        "there are: black, blue, green, red, white"
        in ask({"kind": "colour", "name": "mauve"}).notes[0]
    )


@pytest.mark.parametrize(
    ("field", "op", "value", "count"),
    [
        ("video", "=", "parade.mp4", 5),
        ("video", "=", "night.mp4", 6),
        ("video", "=", "sea/night.mp4", 2),
        ("video", "=", "d4", 2),
        ("width", ">", 640, 4),
        ("height", "=", 480, 13),
        ("duration", "<", 4000, 4),
        ("duration", ">=", 4000, 9),
        ("size", "<=", 2000, 4),
        ("date", "=", "2024", 11),
        ("date", "=", "2024-05", 11),
        ("date", "<", "2024", 2),
        ("date", "<=", "2023-12", 2),
        ("date", ">", "2023-12-30", 13),
        ("date", ">", "2023-12-31", 11),
        ("time", "<", 1000, 4),
        ("time", "<=", 1000, 8),
        ("time", "=", 4500, 1),
        ("time", ">", 4998, 1),
        ("time", ">=", 4999, 1),
        ("time", ">", 4999, 0),
        ("brightness", "<", 0.5, 1),
        ("brightness", "=", 0.75, 4),
    ],
)
def test_facts_are_compared(ask: Ask, field: str, op: str, value: object, count: int) -> None:
    root = {"kind": "metadata", "field": field, "op": op, "value": value}
    assert ask(root, k=50).total == count


def test_an_unknown_fact_is_refused_with_the_nearest(ask: Ask) -> None:
    with pytest.raises(QueryInvalid, match="no brightnes to filter by; nearest: brightness"):
        ask({"kind": "metadata", "field": "brightnes", "value": 1})
    with pytest.raises(VideoMissing, match=r"no video parade; the nearest is parade.mp4"):
        ask({"kind": "metadata", "field": "video", "value": "parade"})


def test_an_unknown_space_is_refused_with_the_nearest(ask: Ask) -> None:
    with pytest.raises(SettingsError, match="no space tov; the nearest is toy"):
        ask({"kind": "text", "text": "red"}, space="tov")
    with pytest.raises(SettingsError, match="no space tov; the nearest is toy"):
        ask({"kind": "text", "text": "red", "space": "tov"})
    with pytest.raises(SettingsError, match="no space tov; the nearest is toy"):
        ask({"kind": "label", "name": "coco/person"}, space="tov")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=WORLDS, tree=TREES)
def test_where_a_node_does_not_hold_it_shows_nothing_and_scores_lie_between_zero_and_one(
    seed: int, tree: dict[str, object]
) -> None:
    world = make_world(seed)
    layout = Layout(world.generation)
    if not layout.n:
        return
    oracle = Oracle(world.videos, world.spaces, VECTORS)
    root = Query.model_validate({"root": ground(tree, oracle)}).root
    leaves = [node for node in walk(root) if isinstance(node, VectorLeaf)]
    generation, encoders = world.generation, world.encoders
    cosines = find_cosines(leaves, "one", VectorSource(generation, layout, encoders))
    people = PeopleSource(generation, encoders, Persons(generation))
    view = View(generation, layout, cosines, people=people)
    for node in walk(root):
        said, everywhere = node.evaluate(view), layout.all_places()
        holds = said.find_holds(everywhere)
        assert not said.find_shown(everywhere)[~holds].any()
        assert (said.score is not None) == node.scores
        assert node.filters or holds.all()
        assert {why.score for why in said.explain(everywhere) if not why.match} <= {None, 0.0}
        if said.score is not None:
            values = said.score.values
            assert values.dtype == np.float32
            assert len(values) == (layout.n if said.score.by_row else layout.s)
            assert np.isfinite(values).all()
            assert (values >= 0).all()
            assert (values <= 1).all()
