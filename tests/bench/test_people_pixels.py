"""What is asked of films from pixels: topics, examples, figures. The films are empty pictures."""

import base64
import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.people.clusters import PairFigures
from bench.people.pixel_report import report_pixels
from bench.people.pixel_topics import IDLE, LEAST_SHOTS, choose_acts, choose_people
from bench.people.pixels import PixelRun, PixelScores
from bench.world.truth import Truth
from tests.bench.world.made_truths import make_truth


@pytest.fixture(scope="module")
def truths() -> list[Truth]:
    return [make_truth(number) for number in range(12)]


@pytest.fixture(scope="module")
def videos(truths: list[Truth], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grey film of the right length and size for each truth."""
    import av

    folder = tmp_path_factory.mktemp("videos")
    for truth in truths:
        with av.open(str(folder / f"{truth.id}.mp4"), "w") as file:
            stream = file.add_stream("mpeg4", 5)
            stream.width, stream.height, stream.pix_fmt = truth.width, truth.height, "yuv420p"
            stream.codec_context.time_base = Fraction(1, 5)
            grey = np.full((truth.height, truth.width, 3), 90, np.uint8)
            for number in range(truth.length_ms // 200 + 1):
                frame = av.VideoFrame.from_ndarray(grey, "rgb24")
                frame.pts = number
                file.mux(stream.encode(frame))
            file.mux(stream.encode())
    return folder


def test_people_are_asked_by_faces_of_a_film_in_which_no_hit_counts(
    truths: list[Truth], videos: Path
) -> None:
    people = choose_people(truths, videos)
    assert people
    for one in people:
        assert 1 <= len(one.pictures) <= 3
        film = next(truth for truth in truths if f"{truth.id}.mp4" == one.film)
        shown = [
            seen.face_visible
            for shot in film.shots
            for seen in shot.persons
            if seen.person == one.person
        ]
        assert any(shown)
        assert one.film not in {span.video for goal in one.visible for span in goal.spans}
        assert set(one.visible) <= set(one.anywhere)
        picture = Image.open(io.BytesIO(base64.b64decode(one.pictures[0])))
        assert picture.width <= truths[0].width


def test_acts_are_what_a_visible_person_does_often_elsewhere(
    truths: list[Truth], videos: Path
) -> None:
    people = choose_people(truths, videos)
    acts = choose_acts(people, truths)
    assert acts
    for act in acts:
        assert act.action != IDLE
        assert len(act.goals) >= LEAST_SHOTS
        assert set(act.goals) <= set(act.who.visible)


def run_of(acts: list[float], direct: list[float], people: list[float]) -> PixelRun:
    scores = PixelScores(*(np.array(each) for each in (people, people, acts, direct)))
    clusters = PairFigures(4, 2, 2, 0.9, 0.9)
    return PixelRun(16, 30.0, 500, scores, clusters, 0.01, 1, {"faces": 60.0})


def test_a_gain_counts_only_where_its_interval_lies_above_one() -> None:
    steady = report_pixels(run_of([0.6] * 20, [0.5] * 20, [0.8]), 7)
    assert steady.gain.value == pytest.approx(1.2)
    assert steady.verdict == "ok"
    shaky = report_pixels(run_of([1.0, 0.2] * 5, [0.1, 0.9] * 5, [0.8]), 7)
    assert shaky.gain.low < 1
    verdicts = {goal.name: goal.verdict for goal in shaky.targets}
    assert verdicts["person does, times direct fusion"] == shaky.verdict == "missed"


def test_what_is_missed_is_said_beside_its_target() -> None:
    told = report_pixels(run_of([0.6] * 3, [0.5] * 3, [0.5]), 7).to_json()
    goal = told["targets"][0]
    assert (goal["reached"], goal["target"], goal["verdict"]) == (0.5, ">= 0.7", "missed")
