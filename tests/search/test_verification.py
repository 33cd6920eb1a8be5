"""Worked examples of person-action search: cover, gaps, spreading, and who it really was."""

import numpy as np
import pytest

from search.boxes import Boxes, Samples, sort_boxes
from search.extension import Spread, extend_between_shots, extend_within_shots
from search.layout import Floats
from search.verification import Verification, find_cover, fuse, verify

FACE = (0.4, 0.1, 0.5, 0.2)
BODY = (0.3, 0.0, 0.6, 1.0)
BOX_ELSEWHERE = (0.7, 0.0, 0.9, 1.0)
# F_dis(1) to F_dis(5) with theta 3 and sigma 5, as the paper's formula gives them
CURVE = [0.2346, 0.2210, 0.1999, 0.1738, 0.1452]


def floats(*values: object) -> Floats:
    return np.array(values, np.float32)


def look_at(*shots: int) -> Samples:
    """Shots with so many samples each, one every 200 ms."""
    times = [np.arange(count) * 200 for count in shots]
    return Samples(np.repeat(np.arange(len(shots)), shots), np.concatenate(times))


def detect(*rows: tuple[int, tuple[float, ...], float], track: list[int] | None = None) -> Boxes:
    samples, boxes, scores = zip(*rows, strict=True)
    tracks = None if track is None else np.array(track)
    return sort_boxes(np.array(samples), floats(*boxes), floats(*scores), tracks)


@pytest.mark.parametrize(
    ("face", "cover"),
    [
        (FACE, 1.0),
        ((0.25, 0.1, 0.35, 0.2), 0.5),
        ((0.1, 0.1, 0.2, 0.2), 0.0),
        ((0.4, 0.1, 0.4, 0.2), 0.0),  # no area
    ],
    ids=["inside", "half", "outside", "empty"],
)
def test_cover_is_the_share_of_the_face_in_the_body(face: tuple[float, ...], cover: float) -> None:
    assert find_cover(floats(face), floats(BODY)).tolist() == pytest.approx([cover])


def test_a_small_face_in_a_large_body_is_covered_as_wholly_as_a_large_one() -> None:
    small = (0.45, 0.1, 0.451, 0.101)
    assert find_cover(floats(small), floats((0, 0, 1, 1))).tolist() == [1]


def test_the_threshold_opens_and_the_action_weighs() -> None:
    cover, face, action = floats(1, 1, 0.5), floats(0.39, 0.4, 0.9), floats(0.8, 0.8, 0.6)
    assert fuse(cover, face, action, Verification()).tolist() == pytest.approx([0, 0.8, 0.3])
    off = Verification(checks_identity=False)
    assert fuse(cover, face, action, off).tolist() == pytest.approx([0, 0.8, 0.6])


def test_weighted_fusion_mixes_both() -> None:
    how = Verification("weighted", face_share=0.25)
    told = fuse(floats(1, 0.5), floats(0.4, 0.4), floats(0.8, 0.8), how)
    assert told.tolist() == pytest.approx([0.7, 0.35])


def test_who_stands_beside_the_one_who_acts_ranks_below_the_one_who_does() -> None:
    """The paper's example: in shot 0 somebody else carries the bag; in shot 1 it is the person."""
    samples = look_at(1, 1)
    faces = detect((0, FACE, 0.9), (1, FACE, 0.9))
    actions = detect((0, BOX_ELSEWHERE, 0.8), (1, BODY, 0.6))
    checked = verify(faces, actions, samples, Verification())
    assert checked.shot.tolist() == [1]
    unchecked = verify(faces, actions, samples, Verification(checks_identity=False))
    assert unchecked.shot.tolist() == [0, 1]
    assert unchecked.score[0] > unchecked.score[1]
    assert unchecked.cover.tolist() == [0, 1]


def test_the_best_moment_tells_its_boxes_and_its_cover() -> None:
    samples = look_at(3)
    faces = detect((0, FACE, 0.9), (1, (0.25, 0.1, 0.35, 0.2), 0.9), (1, FACE, 0.2))
    actions = detect((0, BODY, 0.3), (1, BOX_ELSEWHERE, 0.9), (1, BODY, 0.8))
    best = verify(faces, actions, samples, Verification())
    assert best.score.tolist() == pytest.approx([0.4])
    assert best.sample.tolist() == [1]
    assert best.cover.tolist() == pytest.approx([0.5])
    assert best.faces.row[best.face].tolist() == [1]
    assert best.actions.row[best.action].tolist() == [2]


def test_of_equal_moments_the_earliest_is_told() -> None:
    samples = look_at(3)
    faces = detect(*((at, FACE, 0.9) for at in range(3)))
    actions = detect(*((at, BODY, 0.5) for at in range(3)))
    assert verify(faces, actions, samples, Verification()).sample.tolist() == [0]


def test_a_gap_is_filled_by_what_lies_halfway() -> None:
    boxes = detect((0, (0.0, 0.0, 0.2, 0.2), 0.4), (2, (0.2, 0.1, 0.6, 0.5), 0.8))
    told = extend_within_shots(boxes, look_at(3))
    assert told.sample.tolist() == [0, 1, 2]
    assert told.box[1].tolist() == pytest.approx([0.1, 0.05, 0.4, 0.35])
    assert told.score[1] == pytest.approx(0.6)
    assert told.interpolated.tolist() == [False, True, False]


def test_uneven_gaps_are_filled_by_time() -> None:
    samples = Samples(np.zeros(3, int), np.array([0, 100, 400]))
    told = extend_within_shots(detect((0, FACE, 0.0), (2, FACE, 0.8)), samples)
    assert told.score[1] == pytest.approx(0.2)


def test_an_action_missed_where_the_face_was_seen_is_found_by_filling_the_gap() -> None:
    samples = look_at(3)
    faces, actions = detect((1, FACE, 0.9)), detect((0, BODY, 0.6), (2, BODY, 0.8))
    best = verify(faces, actions, samples, Verification())
    assert best.score.tolist() == pytest.approx([0.7])
    assert best.actions.interpolated[best.action].tolist() == [True]
    assert not len(verify(faces, actions, samples, Verification(fills_gaps=False)))


def test_nothing_is_filled_beyond_the_ends_nor_between_shots() -> None:
    assert len(extend_within_shots(detect((1, FACE, 0.9)), look_at(3))) == 1
    assert len(extend_within_shots(detect((1, FACE, 0.9), (3, FACE, 0.9)), look_at(3, 3))) == 2


@pytest.mark.parametrize(("missed", "filled"), [(10, 10), (11, 0)])
def test_long_gaps_stay(missed: int, filled: int) -> None:
    for track in (None, [3, 3]):
        boxes = detect((0, FACE, 0.9), (missed + 1, FACE, 0.9), track=track)
        told = extend_within_shots(boxes, look_at(missed + 2))
        assert told.interpolated.sum() == filled


def test_boxes_of_one_track_are_joined_and_those_of_two_are_not() -> None:
    rows = ((0, FACE, 0.9), (2, BOX_ELSEWHERE, 0.9))
    assert len(extend_within_shots(detect(*rows, track=[5, 5]), look_at(3))) == 3
    assert len(extend_within_shots(detect(*rows, track=[5, 6]), look_at(3))) == 2


def test_untracked_boxes_are_joined_by_overlap_before_distance() -> None:
    """The long box's centre is far off, yet it is the one that overlaps."""
    small, long, near = (0.0, 0.0, 0.1, 0.1), (0.0, 0.0, 0.5, 0.1), (0.11, 0.0, 0.21, 0.1)
    told = extend_within_shots(detect((0, small, 0.2), (2, near, 0.4), (2, long, 0.6)), look_at(3))
    assert told.score[told.interpolated].tolist() == pytest.approx([0.4])
    far = (0.8, 0.0, 0.9, 0.1)
    told = extend_within_shots(detect((0, small, 0.2), (2, far, 0.6), (2, near, 0.4)), look_at(3))
    assert told.score[told.interpolated].tolist() == pytest.approx([0.3])


def test_faces_of_others_neither_fill_nor_hide_a_gap() -> None:
    faces = detect((0, FACE, 0.9), (1, BOX_ELSEWHERE, 0.1), (2, FACE, 0.9))
    best = verify(faces, detect((1, BODY, 0.5)), look_at(3), Verification())
    assert best.score.tolist() == pytest.approx([0.5])
    assert best.faces.interpolated[best.face].tolist() == [True]


@pytest.mark.parametrize("track", [None, [4, 4, 4]])
def test_a_face_that_was_seen_and_is_not_sure_is_not_overruled(track: list[int] | None) -> None:
    faces = detect((0, FACE, 0.9), (1, FACE, 0.3), (2, FACE, 0.9), track=track)
    assert not len(verify(faces, detect((1, BODY, 0.5)), look_at(3), Verification()))


def test_a_track_is_followed_to_boxes_below_the_threshold() -> None:
    faces = detect((0, FACE, 0.2), (4, FACE, 0.7), track=[4, 4])
    actions = detect(*((at, BODY, 0.9 - at / 10) for at in range(4)))
    best = verify(faces, actions, look_at(5), Verification())
    assert best.sample.tolist() == [2]  # 0.45, halfway
    assert best.score.tolist() == pytest.approx([0.7])


@pytest.mark.parametrize("kind", ["capped", "published"])
def test_a_single_peak_spreads_as_the_curve(kind: str) -> None:
    scores = np.zeros(40, np.float32)
    scores[20] = 1
    spread = Spread(kind)  # type: ignore[arg-type]
    told = extend_between_shots(scores, np.array([0, 40]), spread)
    assert told[21:26].tolist() == pytest.approx(CURVE, abs=5e-5)
    assert told[15:20].tolist() == pytest.approx(CURVE[::-1], abs=5e-5)
    assert told[20] == 1
    assert told[35] == pytest.approx(0.0027, abs=5e-5)
    assert told[36] == told[4] == 0
    assert 2 * sum(spread.weigh(far) for far in range(1, 16)) == pytest.approx(2.755, abs=5e-4)


def test_the_published_sum_passes_its_sources_and_the_cap_does_not() -> None:
    scores = np.array([1, 1, 1, 0, 1, 1, 1], np.float32)
    whole = np.array([0, 7])
    assert extend_between_shots(scores, whole, Spread("published"))[3] == pytest.approx(
        1.31, abs=5e-3
    )
    assert extend_between_shots(scores, whole)[3] == 1


def test_nothing_leaks_into_the_next_video() -> None:
    scores = np.array([0, 0, 1, 0, 0, 0], np.float32)
    told = extend_between_shots(scores, np.array([0, 3, 3, 6]))
    assert told[3:].tolist() == [0, 0, 0]
    assert told[1] > told[0] > 0


@pytest.mark.parametrize("kind", ["capped", "published"])
def test_equal_scores_stay(kind: str) -> None:
    scores = np.full(50, 0.3, np.float32)
    told = extend_between_shots(scores, np.array([0, 20, 50]), Spread(kind))  # type: ignore[arg-type]
    assert told.tolist() == scores.tolist()


def test_nobody_and_nothing_give_no_shots() -> None:
    none = sort_boxes(np.zeros(0, int), np.zeros((0, 4), np.float32), floats())
    some = detect((0, BODY, 0.5))
    for faces, actions in ((none, some), (some, none), (none, none)):
        for how in (Verification(), Verification("weighted", fills_gaps=False)):
            assert not len(verify(faces, actions, look_at(1), how))
    assert not len(extend_between_shots(floats(), np.array([0])))


def test_moments_are_found_by_shot_and_time() -> None:
    samples = Samples(np.array([0, 0, 3]), np.array([0, 200, 100]))
    found = samples.find(np.array([3, 0, 0, 9]), np.array([100, 200, 100, 0]))
    assert found.tolist() == [2, 1, -1, -1]
