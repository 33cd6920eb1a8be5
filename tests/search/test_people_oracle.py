"""Person-action search over search files beside plain loops over what was said of the films."""

import json
import math
import random
from typing import Any

import pytest
from casts import FACES, LEFT, RIGHT, Film, build, face_in, make_encoders, picture_of, unit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.finding import Box, Embedding, Label, Track
from search.engine import SearchEngine
from search.options import SearchOptions
from search.query import read_query
from search.why import score_from_why

MIDDLE = (0.25, 0.1, 0.75, 1.0)  # covers half of the faces at the sides, and more
ASKED = unit(1, 0, 0, 0)  # Ann, as a picture shows her
THETA, SIGMA, REACH = 3.0, 5.0, 15


def draw_film(uid: str, dice: random.Random) -> Film:
    film = Film(uid)
    for _ in range(dice.randint(1, 20)):
        start = film.shot()
        for _ in range(dice.choice((0, 0, 1, 2))):
            looks = [dice.choice((0, 0.5, 1)), dice.choice((0, 0.3, 1)), 0.2, 0]
            seen = sorted(dice.sample(range(5), dice.randint(1, 5)))
            film.face(start, looks, face_in(dice.choice((LEFT, RIGHT))), seen)
        for _ in range(dice.choice((0, 0, 1, 2))):
            scores = {k: dice.randint(1, 8) / 8 for k in dice.sample(range(5), dice.randint(1, 3))}
            film.act(
                start, dice.choice((LEFT, RIGHT, MIDDLE)), scores, dice.choice(("carry", "sit"))
            )
    return film


def cover_of(face: Box, body: Box) -> float:
    width = max(0.0, min(face[2], body[2]) - max(face[0], body[0]))
    height = max(0.0, min(face[3], body[3]) - max(face[1], body[1]))
    return width * height / ((face[2] - face[0]) * (face[3] - face[1]))


def find_pairs(film: Film, least: float) -> list[tuple[int, float, float, float]]:
    """Shot, cosine of the face, score of the action, cover: of every two at one moment."""
    said = [finding for _, finding in film.findings]
    vectors = {one.track: one.vector for one in said if isinstance(one, Embedding)}
    pairs = []
    for track in (one for one in said if isinstance(one, Track) and one.kind == "face"):
        cosine = math.fsum((vectors[track.id] * ASKED).tolist())
        if cosine < least:
            continue
        for time, box in zip(track.times_ms.tolist(), track.boxes.tolist(), strict=True):
            for label in (one for one in said if isinstance(one, Label) and one.name == "carry"):
                if label.start_ms <= time < label.end_ms and label.box is not None:
                    cover = cover_of(tuple(box), label.box)
                    pairs.append((time // 1000, cosine, label.score, cover))
    return pairs


def score_plainly(film: Film, root: dict[str, Any]) -> list[float]:
    """The score of each shot."""
    gate = root["person"]["least"] if root["fusion"] == "threshold" else -1.0
    own = [0.0] * film.shots
    for shot, cosine, action, cover in find_pairs(film, gate):
        score = action
        if root["fusion"] == "weighted":
            face = min(max((cosine + 0.3) / 1.3, 0), 1)
            score = root["face_share"] * face + (1 - root["face_share"]) * action
        own[shot] = max(own[shot], score * (cover if root["identity"] else 1))
    return [extend_plainly(own, shot, root["extension"]) for shot in range(film.shots)]


def extend_plainly(own: list[float], shot: int, kind: str) -> float:
    if kind == "off":
        return own[shot]
    curve = {
        far: THETA / (math.sqrt(2 * math.pi) * SIGMA) * math.exp(-(far**2) / (2 * SIGMA**2))
        for far in range(-REACH, REACH + 1)
    }
    near = [far for far in curve if 0 <= shot + far < len(own)]
    total = own[shot] + sum(curve[far] * max(own[shot + far] - own[shot], 0) for far in near)
    if kind == "capped":
        return min(total, max(own[shot + far] for far in near))
    return total / sum(weight for far, weight in curve.items() if far)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10**6),
    identity=st.booleans(),
    extension=st.sampled_from(("off", "capped", "published")),
    fusion=st.sampled_from(("threshold", "weighted")),
    least=st.sampled_from((0.3, 0.65, 0.97)),
)
def test_every_shot_scores_as_plain_loops_say(
    seed: int, identity: bool, extension: str, fusion: str, least: float
) -> None:
    dice = random.Random(seed)
    films = [draw_film(uid, dice) for uid in "abc"]
    said = {
        finding.name for film in films for _, finding in film.findings if isinstance(finding, Label)
    }
    kinds = {one.kind for film in films for _, one in film.findings if isinstance(one, Track)}
    if "carry" not in said or "face" not in kinds:
        return
    root = {
        "kind": "person_action",
        "person": {"pictures": [picture_of("ann")], "least": least},
        "action": {"name": "action/carry"},
        "identity": identity,
        "gaps": False,
        "extension": extension,
        "fusion": fusion,
        "face_share": 0.3,
    }
    engine = SearchEngine(build(*films), make_encoders())
    result = engine.search(read_query(json.dumps(root)), SearchOptions(k=1000))
    truth = {
        f"{film.uid}@{shot * 1000}": score
        for film in films
        for shot, score in enumerate(score_plainly(film, root))
        if score > 1e-6
    }
    assert {hit.shot: hit.score for hit in result.hits} == pytest.approx(truth, abs=1e-5)
    for hit in result.hits:
        told = json.loads(json.dumps(hit.to_json()["why"]))
        assert score_from_why(told) == pytest.approx(hit.score, abs=1e-6)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), least=st.sampled_from((-1.0, 0.3, 0.7)))
def test_a_person_is_found_where_a_face_is_like_enough(seed: int, least: float) -> None:
    film = draw_film("a", random.Random(seed))
    vectors = [one for _, one in film.findings if isinstance(one, Embedding)]
    if not vectors:
        return
    root = {"kind": "person", "pictures": [picture_of("ann")], "least": least}
    engine = SearchEngine(build(film), make_encoders())
    result = engine.search(read_query(json.dumps(root)), SearchOptions(k=1000))
    truth: dict[str, float] = {}
    for one in vectors:
        cosine = math.fsum((one.vector * ASKED).tolist())
        score = (cosine - FACES.image_range.low) / 1.3
        if cosine >= least:
            shot = f"a@{one.start_ms}"
            truth[shot] = max(truth.get(shot, 0), score)
    assert {hit.shot: hit.score for hit in result.hits} == pytest.approx(truth, abs=1e-5)
