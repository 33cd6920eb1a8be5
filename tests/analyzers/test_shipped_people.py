"""The shipped models of who is seen in the made world, on films and people new to them."""

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.checkpoint import find_shipped_onnx
from analyzers.detectors import make_detector
from analyzers.error import SettingsError
from analyzers.face_detectors import make_face_detector
from analyzers.face_embedders import make_face_embedder
from analyzers.face_reading import make_face_reader
from analyzers.onnx_session import open_session
from analyzers.profiles import WORLD_ACTIONS, WORLD_FACES, WORLD_PEOPLE, get_profile
from bench.train.people.action_figures import measure_actions
from bench.train.people.action_lesson import cut_person
from bench.train.people.drawing import PeopleDrawing, draw_people
from bench.train.people.face_crops import FaceSamples
from bench.train.people.face_figures import measure_faces
from bench.train.people.judging import Curve, Judged, measure_curve
from bench.train.people.samples import PeopleSamples
from bench.world.truth import Box
from bench.world.words import ACTIONS

FILMS = 4
CLEAR_PX = 16.0  # of a face's width
LEAST_PX, LEAST_VISIBLE = 24.0, 0.5  # of a person who is clear to see
PICTURE_PX = (320, 180)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> PeopleSamples:
    """Films of the test split and of another seed than was looked at before."""
    folder = tmp_path_factory.mktemp("samples")
    drawing = PeopleDrawing(folder, seed=23, split="test", pictures=1, films_of_cast=FILMS)
    assert list(draw_people(drawing, FILMS, 1))[-1] == FILMS
    return PeopleSamples(folder, [drawing.name(each) for each in range(FILMS)])


@pytest.fixture(scope="module")
def pictures(samples: PeopleSamples) -> list[NDArray[np.uint8]]:
    return [samples.read_picture(row) for row in range(0, len(samples), 2)]


def judge(
    found: list[tuple[NDArray[np.float32], NDArray[np.float32]]],
    true: list[list[tuple[Box, bool]]],
) -> Curve:
    """Boxes and scores of each picture, beside true boxes and whether each has to be found."""
    return measure_curve(
        [
            Judged(
                boxes,
                scores,
                np.array([box for box, _ in wanted], np.float32).reshape(-1, 4),
                np.array([counts for _, counts in wanted], bool),
            )
            for (boxes, scores), wanted in zip(found, true, strict=True)
        ]
    )


def test_persons_and_things_are_found(
    samples: PeopleSamples, pictures: list[NDArray[np.uint8]]
) -> None:
    detector = make_detector(WORLD_PEOPLE)
    assert detector.name.startswith(f"{WORLD_PEOPLE}.")
    seen = detector.detect(pictures)
    person = detector.names.index("coco/person")
    persons = [
        (each.boxes[each.classes == person], each.scores[each.classes == person]) for each in seen
    ]
    true = [
        [
            (one.box, (one.box[3] - one.box[1]) * PICTURE_PX[1] >= LEAST_PX
             and one.visible >= LEAST_VISIBLE)
            for one in truth.persons
        ]
        for truth in samples.truths[::2]
    ]  # fmt: skip
    curve = judge(persons, true)
    assert curve.true > 50
    assert curve.ap50 >= 0.8
    things = {detector.names[number] for each in seen for number in each.classes.tolist()}
    assert len(things) > 10


def test_faces_are_found_by_the_same_model(
    samples: PeopleSamples, pictures: list[NDArray[np.uint8]]
) -> None:
    seen = make_face_detector(WORLD_PEOPLE).find_faces(pictures)
    true = [
        [
            (one.face, (one.face[2] - one.face[0]) * PICTURE_PX[0] >= CLEAR_PX)
            for one in truth.persons
            if one.face is not None
        ]
        for truth in samples.truths[::2]
    ]
    curve = judge([(each.boxes, each.scores) for each in seen], true)
    assert curve.true > 30
    assert curve.ap50 >= 0.85


def test_faces_of_unseen_people_are_told_apart_whatever_they_wear(samples: PeopleSamples) -> None:
    faces = FaceSamples(samples)
    clear = [number for number, one in enumerate(faces.places) if one.width_px >= CLEAR_PX]
    vectors = make_face_embedder(WORLD_FACES).encode_faces(list(faces.read_crops(clear)))
    figures = measure_faces(vectors, [faces.places[number] for number in clear])
    assert figures["faces"] > 50
    assert figures["triplets right"] >= 0.95


def test_a_query_finds_the_faces_of_a_picture_as_the_index_does(
    pictures: list[NDArray[np.uint8]],
) -> None:
    found = make_face_detector(WORLD_PEOPLE).find_faces(pictures[:20])
    read = make_face_reader(WORLD_FACES).read_faces(pictures[:20])
    assert [len(each) for each in read] == [len(each) for each in found]
    assert sum(map(len, read)) > 0


def test_the_demo_profile_names_them() -> None:
    demo = get_profile("demo")
    assert (demo.detector, demo.face_detector, demo.face_embedder) == (
        WORLD_PEOPLE, WORLD_PEOPLE, WORLD_FACES,
    )  # fmt: skip


def test_what_is_believed_may_be_said_behind_the_name(pictures: list[NDArray[np.uint8]]) -> None:
    sure = make_detector(f"{WORLD_PEOPLE},score=0.8").detect(pictures[:10])
    assert min(float(each.scores.min()) for each in sure if len(each)) >= 0.8
    with pytest.raises(SettingsError, match="did you mean world-people"):
        make_detector("world-peple")


def test_the_face_space_is_named_by_the_model() -> None:
    space = make_face_embedder(WORLD_FACES).space
    assert space.name.startswith(f"faces.{WORLD_FACES}.")
    assert space.dim == 128


def test_what_people_do_is_told_from_a_picture(samples: PeopleSamples) -> None:
    session = open_session(find_shipped_onnx(WORLD_ACTIONS))
    held = session.get_modelmeta().custom_metadata_map
    assert json.loads(held["names"]) == [f"action/{name}" for name in ACTIONS]
    people = [
        (row, one)
        for row, truth in enumerate(samples.truths)
        for one in truth.persons
        if (one.box[3] - one.box[1]) * PICTURE_PX[1] >= LEAST_PX
        and one.visible >= LEAST_VISIBLE
        and one.actions
    ]
    crops = np.stack([cut_person(samples.read_picture(row), one.box) for row, one in people])
    fed = np.ascontiguousarray(crops.transpose(0, 3, 1, 2), np.float32)
    (scores,) = session.run(["scores"], {session.get_inputs()[0].name: fed})
    done = np.array([[name in one.actions for name in ACTIONS] for _, one in people])
    figures = measure_actions(scores, done, float(held["score"]))
    assert figures.people > 100
    assert figures.mean_ap >= 0.7
    assert figures.precision >= 0.7
    assert figures.recall >= 0.7
