"""Person-action search over packed boxes beside plain loops over every box."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.boxes import NO_TRACK, Boxes, Samples, keep_shots, sort_boxes
from search.extension import Spread, extend_between_shots, extend_within_shots
from search.verification import Verification, find_cover, verify

MOST_MISSED = 10
Row = tuple[int, tuple[float, ...], float, int, int]  # sample, box, score, track, row


def make_samples(chance: np.random.Generator, shots: int) -> Samples:
    counts = chance.integers(1, 25, shots)
    times = [np.sort(chance.choice(5_000, count, replace=False)) for count in counts]
    return Samples(np.repeat(np.arange(shots) * 2, counts), np.concatenate(times))


def make_boxes(
    chance: np.random.Generator, samples: Samples, count: int, *, tracked: bool
) -> Boxes:
    sample = chance.integers(len(samples), size=count)
    corner = chance.integers(0, 7, (count, 2)) / 8
    box = np.hstack((corner, corner + chance.integers(0, 3, (count, 2)) / 8)).astype(np.float32)
    score = (chance.integers(0, 9, count) / 8).astype(np.float32)
    # A track is seen in one shot, at most once a sample; a third of the boxes has none.
    track = samples.shot[sample] * 10 + chance.integers(0, 3, count)
    _, firsts = np.unique(np.stack((sample, track)), axis=1, return_index=True)
    seen = np.isin(np.arange(count), firsts) & (chance.random(count) < 2 / 3) & tracked
    return sort_boxes(sample, box, score, np.where(seen, track, NO_TRACK))


def list_rows(boxes: Boxes) -> list[Row]:
    columns = (boxes.sample, boxes.box, boxes.score, boxes.track, boxes.row)
    return [
        (int(sample), tuple(map(float, box)), float(score), int(track), int(row))
        for sample, box, score, track, row in zip(*columns, strict=True)
    ]


def is_gap(one: int, other: int, samples: Samples) -> bool:
    return 1 < other - one <= MOST_MISSED + 1 and samples.shot[one] == samples.shot[other]


def compare(one: Row, other: Row) -> float:
    a, b = one[1], other[1]
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    together = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)) - both
    if together > 0 and both / together > 0.1:
        return -both / together
    return float(np.hypot(a[0] + a[2] - b[0] - b[2], a[1] + a[3] - b[1] - b[3])) / 2


def link_plainly(rows: list[Row], samples: Samples, least: float) -> list[tuple[Row, Row]]:
    links = []
    for track in {row[3] for row in rows} - {NO_TRACK}:
        own = sorted((row for row in rows if row[3] == track), key=lambda row: row[0])
        links += [pair for pair in pairwise(own) if is_gap(pair[0][0], pair[1][0], samples)]
    loose = [row for row in rows if row[3] == NO_TRACK and row[2] >= least]
    for one, other in pairwise(sorted({row[0] for row in loose})):
        if is_gap(one, other, samples):
            before = [row for row in loose if row[0] == one]
            after = [row for row in loose if row[0] == other]
            for a in before:
                b = min(after, key=lambda row: compare(a, row))
                if min(before, key=lambda row: compare(row, b)) is a:
                    links.append((a, b))
    return links


def extend_plainly(rows: list[Row], samples: Samples, least: float) -> list[Row]:
    filled = []
    others = [row for row in rows if row[3] == NO_TRACK and row[2] < least]
    for a, b in link_plainly(rows, samples, least):
        start, end = samples.time_ms[a[0]], samples.time_ms[b[0]]
        for sample in range(a[0] + 1, b[0]):
            t = float((samples.time_ms[sample] - start) / (end - start))
            box = tuple((1 - t) * x + t * y for x, y in zip(a[1], b[1], strict=True))
            made = (sample, box, (1 - t) * a[2] + t * b[2], a[3], -1)
            taken = (row for row in others if row[0] == sample and compare(made, row) < 0)
            if a[3] != NO_TRACK or not any(taken):
                filled.append(made)
    return rows + filled


def is_alike(one: Row, other: Row) -> bool:
    numbers, others = (*one[1], one[2]), (*other[1], other[2])
    same = one[0] == other[0] and one[3:] == other[3:]
    return same and bool(np.allclose(numbers, others, rtol=0, atol=1e-5))


def cover_plainly(face: tuple[float, ...], body: tuple[float, ...]) -> float:
    area = (face[2] - face[0]) * (face[3] - face[1])
    width = min(face[2], body[2]) - max(face[0], body[0])
    height = min(face[3], body[3]) - max(face[1], body[1])
    return max(width, 0) * max(height, 0) / area if area else 0.0


def verify_plainly(
    faces: Boxes, actions: Boxes, samples: Samples, how: Verification
) -> dict[int, float]:
    seen, done = list_rows(faces), list_rows(actions)
    least = how.least_face if how.fusion == "threshold" else -1.0
    if how.fills_gaps:
        seen, done = extend_plainly(seen, samples, least), extend_plainly(done, samples, -1)
    seen = [row for row in seen if row[2] >= least]
    best: dict[int, float] = {}
    for face in seen:
        for action in (row for row in done if row[0] == face[0]):
            mixed = how.face_share * face[2] + (1 - how.face_share) * action[2]
            score = action[2] if how.fusion == "threshold" else mixed
            score *= cover_plainly(face[1], action[1]) if how.checks_identity else 1
            shot = int(samples.shot[face[0]])
            best[shot] = max(best.get(shot, 0), score)
    return {shot: score for shot, score in best.items() if score > 1e-7}


def spread_plainly(scores: list[float], videos: list[list[int]], spread: Spread) -> list[float]:
    lifted = []
    for shot, own in enumerate(scores):
        (video,) = (each for each in videos if shot in each)
        near = range(shot - spread.reach, shot + spread.reach + 1)
        others = [(scores[each], abs(each - shot)) for each in near if each in video]
        total = own + sum(spread.weigh(far) * max(other - own, 0) for other, far in others)
        best = max(other for other, _ in others)
        lifted.append(min(total, best) if spread.kind == "capped" else total)
    return lifted


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 40), st.booleans(), st.sampled_from([-1, 0.3]))
def test_gaps_are_filled_as_one_by_one(seed: int, count: int, tracked: bool, least: float) -> None:
    chance = np.random.default_rng(seed)
    samples = make_samples(chance, 3)
    boxes = make_boxes(chance, samples, count, tracked=tracked)
    told = list_rows(extend_within_shots(boxes, samples, least))
    plain = extend_plainly(list_rows(boxes), samples, least)
    assert [row[0] for row in told] == sorted(row[0] for row in plain)
    for row in plain:
        told.remove(next(each for each in told if is_alike(each, row)))
    assert not told


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32), st.sampled_from(["threshold", "weighted"]), st.booleans(), st.booleans()
)
def test_shots_score_as_one_by_one(seed: int, fusion: str, icv: bool, fills: bool) -> None:
    chance = np.random.default_rng(seed)
    samples = make_samples(chance, 6)
    faces, actions = (
        make_boxes(chance, samples, int(chance.integers(0, 60)), tracked=True) for _ in range(2)
    )
    how = Verification(fusion, 0.4, 0.3, icv, fills)  # type: ignore[arg-type]
    best = verify(faces, actions, samples, how)
    plain = verify_plainly(faces, actions, samples, how)
    told = {
        shot: score
        for shot, score in zip(best.shot.tolist(), best.score.tolist(), strict=True)
        if score > 1e-7
    }
    assert told == pytest.approx(plain, abs=1e-5)
    face, action = best.faces.take(best.face), best.actions.take(best.action)
    assert face.sample.tolist() == action.sample.tolist() == best.sample.tolist()
    assert samples.shot[best.sample].tolist() == best.shot.tolist()
    assert find_cover(face.box, action.box).tolist() == best.cover.tolist()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.25, 0.5, 1.0]), max_size=60),
    st.lists(st.integers(0, 60), max_size=4),
    st.sampled_from([Spread(), Spread("published"), Spread(reach=2)]),
)
def test_scores_spread_as_one_by_one(
    scores: list[float], borders: list[int], spread: Spread
) -> None:
    first = np.array(sorted([0, len(scores), *(min(each, len(scores)) for each in borders)]))
    videos = [list(range(*pair)) for pair in pairwise(first.tolist())]
    given_scores = np.array(scores, np.float32)
    told = extend_between_shots(given_scores, first, spread)
    assert told.tolist() == pytest.approx(spread_plainly(scores, videos, spread), abs=1e-5)
    assert (told >= given_scores).all()
    assert given_scores.tolist() == scores


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_boxes_of_some_shots_are_those_that_lie_there(seed: int) -> None:
    chance = np.random.default_rng(seed)
    samples = make_samples(chance, 5)
    boxes = make_boxes(chance, samples, 30, tracked=True)
    wanted = np.flatnonzero(chance.random(12) < 0.4)
    kept = keep_shots(boxes, samples, wanted)
    inside = np.isin(samples.shot[boxes.sample], wanted)
    assert kept.row.tolist() == boxes.row[inside].tolist()
