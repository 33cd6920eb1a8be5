"""Labels, measures and vectors are put to the shots and rows where they hold."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.encoder import Range, Space
from analyzers.finding import Embedding, Finding, Label, Measure
from indexer.generations import streams
from indexer.generations.content import ContentBroken, SpaceContent
from indexer.generations.generation import Generation
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.writing import build_in_memory

BOX = (0.1, 0.1, 0.5, 0.5)
SPACE = Space("toy", 2, "toy", Range(0, 1), Range(0, 1))


def generation_of(*findings: Sequence[Finding], by: str = "tester") -> Generation:
    """Videos of three shots of a second with a keyframe in each half, saying these findings."""
    shots = [(0, 1000), (1000, 2000), (2000, 3000)]
    keyframes = [250, 750, 1250, 1750, 2250, 2750]
    videos = [
        PlainVideo(f"v{n}", shots, keyframes, [(by, one) for one in said])
        for n, said in enumerate(findings)
    ]
    return build_in_memory(content_of(videos, [SPACE]))


def label(start_ms: int, end_ms: int, name: str = "coco/person", **facts: object) -> Label:
    vocabulary, _, bare = name.partition("/")
    return Label(start_ms, end_ms, vocabulary, bare, **facts)  # type: ignore[arg-type]


def shots_of(generation: Generation, name: str) -> dict[int, tuple[int, float]]:
    found = generation.labels.find(name)
    triples = zip(found.shots, found.counts, found.scores, strict=True)
    return {int(shot): (int(count), round(float(score), 6)) for shot, count, score in triples}


def test_a_label_holds_for_every_shot_it_overlaps() -> None:
    generation = generation_of([label(0, 10)], [label(999, 2000, score=0.5), label(2000, 2001)])
    assert shots_of(generation, "coco/person") == {0: (1, 1.0), 3: (1, 0.5), 4: (1, 0.5), 5: (1, 1)}


def test_instances_at_once_are_counted_and_the_best_score_is_kept() -> None:
    at_once = [label(0, 500, score=0.2, box=BOX), label(0, 500, score=0.6, box=BOX)]
    generation = generation_of([*at_once, label(500, 1000, score=0.4)])
    assert shots_of(generation, "coco/person") == {0: (2, 0.6)}


def test_instances_that_different_analyzers_saw_are_not_added_up() -> None:
    findings = [("one", label(0, 1000)), ("two", label(0, 1000)), ("two", label(0, 1000))]
    video = PlainVideo("v", [(0, 1000)], findings=findings)
    generation = build_in_memory(content_of([video]))
    assert shots_of(generation, "coco/person") == {0: (2, 1.0)}


def test_a_label_is_found_by_full_and_bare_name_in_any_case() -> None:
    generation = generation_of(
        [
            label(0, 1000, "coco/Person", score=0.5),
            label(0, 1000, "other/coco/person", score=0.125),
            label(0, 1000, "open/person", score=0.75),
            label(0, 1000, "open/person", score=0.25),
            label(1000, 2000, "open/person"),
            label(0, 1000, "action/carrying a bag/box"),
        ]
    )
    assert shots_of(generation, "COCO/person") == {0: (1, 0.5)}
    assert shots_of(generation, "person") == {0: (2, 0.75), 1: (1, 1.0)}
    assert shots_of(generation, "Carrying a bag/box") == {0: (1, 1.0)}
    assert shots_of(generation, "nobody") == {}
    assert "person" in generation.labels
    assert "open/Person" in generation.labels
    assert "nobody" not in generation.labels
    assert [(name.full, name.shots) for name in generation.labels.names()] == [
        ("action/carrying a bag/box", 1),
        ("coco/Person", 1),
        ("open/person", 2),
        ("other/coco/person", 1),
    ]


def test_rows_of_a_label_are_the_keyframes_in_its_span_without_boxes() -> None:
    generation = generation_of(
        [
            label(0, 500, "colour/red", score=0.2),
            label(0, 500, "colour/red", score=0.3),
            label(500, 1000, "colour/red", score=0.4, box=BOX),
            label(800, 900, "colour/red", score=0.5),
            label(1000, 2000, "colour/red", score=0.6),
        ]
    )
    found = generation.labels.rows_of("red")
    assert found.rows.tolist() == [0, 2, 3]
    np.testing.assert_allclose(found.scores, [0.3, 0.6, 0.6])
    assert shots_of(generation, "red") == {0: (2, 0.5), 1: (1, 0.6)}


def test_measures_are_pairs_of_shot_and_value() -> None:
    generation = generation_of(
        [Measure(0, 1000, "sharpness", 1.5), Measure(900, 1100, "sharpness", 2.5)],
        [Measure(0, 3000, "sun", 30.0, "degrees"), Measure(0, 10, "sharpness", 9.0, "other")],
    )
    sharpness = generation.measures.find("sharpness")
    assert sharpness.shots.tolist() == [0, 0, 1, 3]
    assert sharpness.values.tolist() == [1.5, 2.5, 2.5, 9.0]
    assert generation.measures.find("sun").shots.tolist() == [3, 4, 5]
    assert generation.measures.find("Sun").shots.tolist() == []
    assert [(one.name, one.unit, one.values) for one in generation.measures.names()] == [
        ("sharpness", "", 3),
        ("sharpness", "other", 1),
        ("sun", "degrees", 3),
    ]


# A slow plain evaluation of the same, finding by finding.

SHOT_LENGTHS = st.lists(st.integers(1, 30), min_size=1, max_size=4)
TIMES = st.integers(-5, 80)
LABELS = st.builds(
    lambda start, length, name, score, box: label(
        start, start + length, name, score=score, box=box
    ),
    TIMES,
    st.integers(0, 40),
    st.sampled_from(["a/x", "b/x", "a/y"]),
    st.sampled_from([0.25, 0.5, 1.0]),
    st.sampled_from([None, BOX]),
)


@st.composite
def plain_videos(draw: st.DrawFn) -> PlainVideo:
    bounds = np.cumsum([0, *draw(SHOT_LENGTHS)]).tolist()
    keyframes = draw(st.sets(st.integers(0, bounds[-1] - 1), max_size=6))
    said = st.tuples(st.sampled_from(["one", "two"]), LABELS)
    findings = draw(st.lists(said, max_size=8))
    return PlainVideo("v", list(pairwise(bounds)), sorted(keyframes), findings)


def overlap(one: Finding, start_ms: int, end_ms: int) -> bool:
    return one.start_ms < end_ms and max(one.end_ms, one.start_ms + 1) > start_ms


def plain_shots(videos: Sequence[PlainVideo], full: str) -> dict[int, tuple[int, float]]:
    counts: Counter[int] = Counter()
    scores: defaultdict[int, float] = defaultdict(float)
    shots = [(v, *bounds) for v in videos for bounds in v.shots]
    for number, (video, start_ms, end_ms) in enumerate(shots):
        held = [
            (by, one)
            for by, one in video.findings
            if isinstance(one, Label)
            and f"{one.vocabulary}/{one.name}" == full
            and overlap(one, start_ms, end_ms)
        ]
        at_once = Counter((by, one.start_ms, one.end_ms) for by, one in held)
        if held:
            counts[number] = max(at_once.values())
            scores[number] = max(one.score for _, one in held)
    return {number: (counts[number], scores[number]) for number in counts}


@given(st.lists(plain_videos(), max_size=3))
@settings(max_examples=150, deadline=None)
def test_labels_are_those_of_a_plain_evaluation(videos: list[PlainVideo]) -> None:
    generation = build_in_memory(content_of(videos))
    for full in ("a/x", "b/x", "a/y"):
        assert shots_of(generation, full) == plain_shots(videos, full)
    both = [plain_shots(videos, full) for full in ("a/x", "b/x")]
    expected_shots = {
        shot: tuple(map(max, zip(*(one[shot] for one in both if shot in one), strict=True)))
        for shot in sorted(both[0].keys() | both[1].keys())
    }
    assert shots_of(generation, "x") == expected_shots
    assert generation.labels.find("x").shots.tolist() == list(expected_shots)
    rows, shots = generation.rows, generation.shots
    found = generation.labels.rows_of("a/x")
    expected = {
        row: one.score
        for row in range(len(rows))
        for _, one in sorted(videos[rows.video[row]].findings, key=lambda pair: pair[1].score)
        if isinstance(one, Label)
        and (one.vocabulary, one.name, one.box) == ("a", "x", None)
        and one.start_ms <= rows.time_ms[row] < max(one.end_ms, one.start_ms + 1)
    }
    assert dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True)) == expected
    assert (np.diff(shots.first_row) > 0).all(), "every shot has a row"
    assert (shots.start_ms[rows.shot] <= rows.time_ms).all()
    assert (rows.time_ms < shots.end_ms[rows.shot]).all()


@given(st.lists(plain_videos(), max_size=3), st.integers(0, 12), st.integers(0, 12))
@settings(max_examples=100, deadline=None)
def test_labels_are_counted_between_two_shots(
    videos: list[PlainVideo], first: int, size: int
) -> None:
    labels = build_in_memory(content_of(videos)).labels
    expected = [
        sum(first <= shot < first + size for shot in plain_shots(videos, label.full))
        for label in labels.names()
    ]
    assert labels.count_between(first, first + size).tolist() == expected


def test_what_one_label_holds_for_is_not_copied() -> None:
    labels = generation_of([label(0, 3000), label(0, 1000, "other/cat")]).labels
    found = labels.find("person")
    assert np.shares_memory(found.shots, labels.shots.shots)
    assert np.shares_memory(labels.rows_of("person").rows, labels.rows.rows)


@given(st.lists(plain_videos(), max_size=3))
@settings(max_examples=30, deadline=None)
def test_small_chunks_change_nothing(videos: list[PlainVideo]) -> None:
    whole = build_in_memory(content_of(videos))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "CHUNK_BYTES", 20)
        parts = build_in_memory(content_of(videos))
    for name in ("x", "a/y"):
        assert shots_of(parts, name) == shots_of(whole, name)
        assert parts.labels.rows_of(name).rows.tolist() == whole.labels.rows_of(name).rows.tolist()


# Vectors


def vector(number: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array([number, 1.0], np.float32)


def embedding(start_ms: int, end_ms: int, number: float) -> Embedding:
    return Embedding(start_ms, end_ms, "toy", vector(number))


ASKED = np.array([[1.0, 0.0]], np.float32)


def test_rows_take_their_best_vector_and_know_when_they_have_none() -> None:
    generation = generation_of([embedding(500, 1000, 3.0), embedding(500, 1000, 5.0)], [])
    space = generation.spaces["toy"]
    assert space.row.tolist() == [1, 1]
    nan = np.nan
    np.testing.assert_array_equal(
        space.row_scores(ASKED), [[nan, 5, nan, nan, nan, nan, *[nan] * 6]]
    )
    assert space.known.tolist() == [False, True, *[False] * 10]


def test_one_vector_for_each_row_is_scored_without_a_detour() -> None:
    said = [embedding(500 * n, 500 * n + 500, n) for n in range(6)]
    space = generation_of(said, said[::-1]).spaces["toy"]
    assert space.row.tolist() == list(range(12))
    assert space.row_scores(ASKED).tolist() == [[*range(6), *range(6)]]
    assert space._one_to_one


def test_the_vectors_of_a_row_can_be_had() -> None:
    said = [embedding(0, 500, 2.0), embedding(500, 1000, 3.0), embedding(0, 500, 4.0)]
    space = generation_of(said).spaces["toy"]
    assert space.vectors_of(0).tolist() == [[2, 1], [4, 1]]
    assert space.vectors_of(1).tolist() == [[3, 1]]
    assert space.vectors_of(5).shape == (0, 2)


def test_several_queries_are_scored_side_by_side() -> None:
    space = generation_of([embedding(0, 500, 2.0), embedding(0, 500, 4.0)]).spaces["toy"]
    asked = np.array([[1, 0], [-1, 0], [0, 1]], np.float32)
    assert space.row_scores(asked)[:, 0].tolist() == [4, -2, 1]


def test_a_vector_whose_span_holds_several_keyframes_goes_to_the_nearest_of_them() -> None:
    content = content_of(
        [PlainVideo("v", [(0, 3000)], [250, 750, 1250], [("t", embedding(0, 1000, 1.0))])], [SPACE]
    )
    part = next(iter(content.spaces[0].parts))
    for time_ms, row in ((100, 0), (500, 0), (501, 1), (2900, 1)):
        part.time_ms[:] = time_ms
        assert build_in_memory(content).spaces["toy"].row.tolist() == [row]


def test_vectors_between_keyframes_go_to_the_nearest_of_their_shot() -> None:
    said = [embedding(990, 1000, 1.0), embedding(1010, 1020, 2.0)]
    shots = [(0, 1000), (1000, 2000)]
    video = PlainVideo("v", shots, [200, 1100, 1900], [("t", one) for one in said])
    assert build_in_memory(content_of([video], [SPACE])).spaces["toy"].row.tolist() == [0, 1]


def test_vectors_outside_of_all_shots_go_to_the_nearest_row_of_their_video() -> None:
    said = [embedding(-100, -50, 1.0), embedding(9000, 9100, 2.0)]
    space = generation_of([], said, []).spaces["toy"]
    assert space.row.tolist() == [6, 11]


def test_a_space_without_vectors_knows_no_row() -> None:
    space = generation_of([], []).spaces["toy"]
    assert len(space.index) == 0
    assert np.isnan(space.row_scores(ASKED)).all()
    assert space.row_scores(ASKED).shape == (1, 12)


def test_vectors_other_than_announced_are_refused() -> None:
    video = PlainVideo("v", [(0, 10)], findings=[("t", embedding(0, 10, 1.0))])
    content = content_of([video], [SPACE])
    wrong = Space("toy", 3, "toy", Range(0, 1), Range(0, 1))
    for space, count in ((SPACE, 0), (SPACE, 2), (wrong, 1)):
        broken = SpaceContent(space, count, content.spaces[0].parts)
        with pytest.raises(ContentBroken, match="toy"):
            build_in_memory(replace(content, spaces=[broken]))
