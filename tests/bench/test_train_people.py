"""What the demo profile sees people with: samples true to the films, targets that can be read back,
figures that count right, trainings that learn and go on where they stopped.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.torch import load_file

from analyzers.checkpoint import find_shipped
from analyzers.detectors.onnx import OnnxDetector
from analyzers.error import ModelUnavailable, SettingsError
from analyzers.face_detectors import make_face_detector
from analyzers.face_detectors.world import HEAD, WorldFaceDetector, place_landmarks
from analyzers.face_embedder import align_faces
from analyzers.face_embedders import make_face_embedder
from analyzers.onnx_session import open_session
from bench.train.error import TrainingError
from bench.train.people.action_figures import measure_actions
from bench.train.people.action_lesson import ActionLesson, cut_person, judge_actions
from bench.train.people.crop_design import build_crop_network
from bench.train.people.detector_design import (
    CLASSES,
    COLUMNS,
    FACE,
    GROUPS,
    HEIGHT,
    PERSON,
    ROWS,
    STRIDE,
    WIDTH,
    build_detector,
    group_of,
)
from bench.train.people.detector_lesson import DetectorLesson, as_input
from bench.train.people.drawing import PeopleDrawing, draw_film, draw_people
from bench.train.people.export import export_actions, export_detector, export_embedder
from bench.train.people.face_crops import FEATURES, FacePlace, FaceSamples, list_features
from bench.train.people.face_figures import choose_gate, measure_faces
from bench.train.people.face_lesson import FaceLesson, contrast_persons
from bench.train.people.fitting import change, fit
from bench.train.people.judging import Judged, measure_curve, measure_ranking
from bench.train.people.reading import build_reader
from bench.train.people.samples import PeopleSamples
from bench.train.people.targets import Boxes, make_targets, measure_loss
from bench.train.schooling import Schooling, SchoolSettings
from bench.world.cast import make_cast
from bench.world.seen import describe
from bench.world.story import plan_video
from bench.world.words import ACTIONS

DRAWING = PeopleDrawing(Path(), seed=3, split="train", pictures=1, films_of_cast=2)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Sums in one order: the same figures in every run."""
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> PeopleSamples:
    """Two films of one cast."""
    drawing = replace(DRAWING, folder=tmp_path_factory.mktemp("samples"))
    assert list(draw_people(drawing, 2, 1)) == [0, 1, 2]
    return PeopleSamples(drawing.folder, [drawing.name(number) for number in range(2)])


def test_the_boxes_of_a_picture_are_those_of_the_films_truth(samples: PeopleSamples) -> None:
    plan = plan_video(DRAWING.film_seed(0), "train", 0)
    shots = {shot.id: shot for shot in describe(plan).shots}
    persons = 0
    for picture in samples.films[0].pictures:
        shot = shots[picture.shot]
        boxes = {
            (seen.person, box)
            for seen in shot.persons
            for box in (*seen.track.boxes, *seen.face.boxes)
        }
        for person in picture.persons:
            persons += 1
            assert (person.person, person.box) in boxes
            assert person.face is None or (person.person, person.face) in boxes
            assert set(person.actions) <= {act.action for act in shot.actions}
    assert persons > 10
    assert samples.read_picture(0).shape == (180, 320, 3)


def test_films_share_a_cast_and_are_not_drawn_twice(samples: PeopleSamples) -> None:
    first, second = samples.films
    assert {*first.cast, *second.cast} <= {*make_cast(DRAWING.film_seed(1), "train")}
    assert first.id != second.id
    drawing = replace(DRAWING, folder=samples._files[0].parent)
    assert list(draw_people(drawing, 2, 1)) == [2]


def test_a_film_that_was_not_drawn_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="draw the samples first"):
        PeopleSamples(tmp_path, ["none"])


def make_boxes(*rows: tuple[int, tuple[float, float, float, float]]) -> Boxes:
    return Boxes(
        np.array([box for _, box in rows], np.float32).reshape(-1, 4),
        np.array([number for number, _ in rows], np.int64),
        np.zeros(len(rows), np.float32),
    )


class Oracle(torch.nn.Module):
    """A network that says just what it should."""

    def __init__(self, truths: list[Boxes]) -> None:
        super().__init__()
        targets = make_targets(truths)
        heat = torch.from_numpy(targets.heat).clamp(1e-4, 1 - 1e-4)
        x = (torch.arange(COLUMNS) + 0.5) * STRIDE
        y = (torch.arange(ROWS)[:, None] + 0.5) * STRIDE
        x0, y0, x1, y1 = torch.from_numpy(targets.box_px).unbind(dim=2)
        sides = torch.stack([x - x0, y - y0, x1 - x, y1 - y], dim=2).clamp(min=1e-3) / STRIDE
        turn = torch.from_numpy(targets.turn)[:, None]
        self.said = torch.cat([heat.logit(), sides.log().flatten(1, 2), turn], dim=1)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return self.said


THREE = make_boxes((PERSON, (40, 20, 100, 180)), (FACE, (60, 30, 84, 58)), (7, (200, 90, 260, 130)))


def test_what_the_cells_should_say_is_read_back_as_the_boxes() -> None:
    boxes, scores, labels, faces, face_scores = (
        part[0].numpy() for part in build_reader(Oracle([THREE]))(torch.zeros(1))
    )
    size = np.array([WIDTH, HEIGHT, WIDTH, HEIGHT])
    sure = scores > 0.9
    found = {int(label): box for label, box in zip(labels[sure], boxes[sure] * size, strict=True)}
    assert sorted(found) == [0, 6]  # persons, then kinds: faces have no place among them
    assert np.allclose(found[0], THREE.box_px[0], atol=0.1)
    assert np.allclose(found[6], THREE.box_px[2], atol=0.1)
    assert (face_scores > 0.9).sum() == 1
    assert np.allclose(faces[0] * size, THREE.box_px[1], atol=0.1)


def test_the_loss_is_least_where_all_is_said_right() -> None:
    targets = make_targets([THREE])
    right = Oracle([THREE]).said
    least = float(measure_loss(right, targets))
    assert least < 0.3
    moved = right.clone()
    moved[:, len(CLASSES) : len(CLASSES) + 4] += 0.5
    assert float(measure_loss(moved, targets)) > least + 0.05
    unsure = right.clone()
    unsure[:, FACE] = -5
    assert float(measure_loss(unsure, targets)) > least + 0.5


def test_a_box_that_is_found_twice_counts_once() -> None:
    said = Oracle([THREE]).said.clone()
    said[0, PERSON, 12, 12], said[0, len(CLASSES) : len(CLASSES) + 4, 12, 12] = 2.0, 0.0
    row, column = 12, 12
    middle = (np.array([column, row, column, row]) + 0.5) * STRIDE
    away = np.abs(THREE.box_px[0] + 2 - middle) / STRIDE
    said[0, len(CLASSES) : len(CLASSES) + 4, row, column] = torch.from_numpy(np.log(away)).float()
    oracle = Oracle([THREE])
    oracle.said = said
    _, scores, labels, _, _ = build_reader(oracle)(torch.zeros(1))
    assert int(((scores[0] > 0.5) & (labels[0] == 0)).sum()) == 1


def test_tiny_boxes_are_neither_right_nor_wrong() -> None:
    heat = make_targets([make_boxes((PERSON, (40, 40, 42, 43)))]).heat
    assert (heat[0, PERSON] == -1).sum() == 1
    assert not (heat == 1).any()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_boxes_go_with_the_picture_however_it_is_changed(seed: int) -> None:
    random = np.random.default_rng(seed)
    picture = np.zeros((180, 320, 3), np.uint8)
    x0, y0 = int(random.integers(20, 200)), int(random.integers(20, 100))
    x1, y1 = x0 + int(random.integers(20, 100)), y0 + int(random.integers(20, 60))
    picture[y0:y1, x0:x1] = 255
    box = (x0 / 320, y0 / 180, x1 / 320, y1 / 180)
    for shown, moved in (
        change(picture, make_boxes((PERSON, box)), random),
        fit(picture, make_boxes((PERSON, box))),
    ):
        assert shown.shape == (HEIGHT, WIDTH, 3)
        if len(moved.box_px):
            rows, columns = np.nonzero(shown[:, :, 0] > 160)
            seen = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            assert np.abs(moved.box_px[0] - seen).max() <= 2.5


def test_the_curve_counts_each_true_box_once_and_lets_others_pass() -> None:
    true = np.array([[0, 0, 10, 10], [20, 0, 30, 10], [50, 0, 60, 10]], np.float32)
    found = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [20, 0, 30, 10], [50, 0, 60, 10]], np.float32)
    scores = np.array([0.9, 0.8, 0.7, 0.95], np.float32)
    counts = np.array([True, True, False])
    curve = measure_curve([Judged(found, scores, true, counts)])
    # right, wrong (found twice), right; the third true box is let pass
    assert (curve.true, curve.recall) == (2, 0.5)
    assert curve.ap50 == pytest.approx((1 + 2 / 3) / 2, abs=1e-4)
    assert curve.score == pytest.approx(0.9)
    assert measure_ranking(scores, np.array([True, False, False, True])) == pytest.approx(1.0)


def test_nothing_found_is_no_precision() -> None:
    empty = np.empty((0, 4), np.float32)
    one = Judged(empty, np.empty(0, np.float32), THREE.box_px, np.ones(3, bool))
    assert measure_curve([one]).ap50 == 0


def test_the_detector_learns_one_batch_within_seconds(samples: PeopleSamples) -> None:
    lesson = DetectorLesson(samples, samples, batch=4, most_judged=3)
    network = build_detector()  # begins with the tower of the shipped encoder
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3)
    batch = lesson.make_batch(0, 0)
    losses = []
    for _ in range(6):
        loss = lesson.measure_loss(network.train(), batch)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.75 * losses[0]
    figures = lesson.judge(network.eval())
    assert figures["person all true"] >= 1


def test_the_tower_begins_with_the_shipped_encoders_weights() -> None:
    torch.manual_seed(0)
    known, other = build_detector().tower, build_detector(pretrained=False).tower
    shipped = load_file(find_shipped("world") / "open_clip_model.safetensors")
    name = "s3.b2.conv2.conv.weight"
    weight = shipped[f"visual.trunk.{name}"].float()
    assert torch.equal(known.state_dict()[name], weight)
    assert not torch.equal(other.state_dict()[name], weight)


def test_every_class_has_boxes_of_its_group() -> None:
    assert [group_of(number) for number in (PERSON, FACE, 2, len(CLASSES) - 1)] == [0, 1, 2, 2]
    assert GROUPS == 3


SCORE, FACE_SCORE = 0.02, 0.005


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported detector that has learned nothing."""
    file = tmp_path_factory.mktemp("models") / "people.onnx"
    export_detector(file, make_network(), SCORE, FACE_SCORE)
    return file


def make_network() -> torch.nn.Module:
    """One that is sure of much, so that the order of what it finds is clear."""
    torch.manual_seed(0)
    network: Any = build_detector(pretrained=False).eval()
    with torch.no_grad():
        network.logits.weight *= 30
    return network


def test_the_written_detector_says_what_the_network_says(
    written: Path, samples: PeopleSamples
) -> None:
    reader = build_reader(make_network()).eval()
    picture = samples.read_picture(0)
    shown, _ = fit(picture, make_boxes())
    with torch.inference_mode():
        boxes, scores, labels, faces, face_scores = reader(as_input(shown[None]))
    detector = OnnxDetector(written)
    assert detector.names[0] == "coco/person"
    assert detector.names[1:] == tuple(f"world/{kind}" for kind in CLASSES[2:])
    found, other = detector.detect([picture, picture[:, ::-1]])
    assert len(found) == int((scores >= SCORE).sum()) > 0
    assert found.classes.tolist() == labels[0][: len(found)].tolist()
    assert np.allclose(found.scores, scores[0][: len(found)], atol=1e-4)
    y = boxes[0, : len(found), 1::2].numpy() * HEIGHT
    assert np.allclose(found.boxes[:, 1::2], ((y - 6) / 180).clip(0, 1), atol=1e-3)
    seen = WorldFaceDetector(written).find_faces([picture])[0]
    assert len(seen) == int((face_scores >= FACE_SCORE).sum()) > 0
    x = faces[0, : len(seen), ::2].numpy()
    assert np.allclose(seen.boxes[:, ::2], x.clip(0, 1), atol=1e-4)
    assert len(other) > 0


def test_a_file_that_is_no_detector_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "people.onnx"
    with pytest.raises(ModelUnavailable, match="no file"):
        WorldFaceDetector(file).ensure_available()
    file.write_bytes(b"no model")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        make_face_detector(f"world:{file}").find_faces([np.zeros((20, 20, 3), np.uint8)])
    export_embedder(file, build_crop_network(8, [2]), 0.5)
    with pytest.raises(ModelUnavailable, match="no detector of the made world"):
        make_face_detector(f"world:{file}").find_faces([np.zeros((20, 20, 3), np.uint8)])
    with pytest.raises(SettingsError, match="path of an ONNX file"):
        make_face_detector("world:people")


def test_aligned_crops_show_the_head_with_what_is_around_it() -> None:
    picture = np.zeros((180, 320, 3), np.uint8)
    picture[40:80, 100:130] = 255
    box = np.array([[100 / 320, 40 / 180, 130 / 320, 80 / 180]], np.float32)
    (crop,) = align_faces(picture, place_landmarks(box, (320, 180)))
    rows, columns = np.nonzero(crop[:, :, 0] > 127)
    high, wide = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert high == pytest.approx(112 / HEAD, abs=2)
    assert wide == pytest.approx(112 / HEAD * 30 / 40, abs=2)
    assert rows.mean() == pytest.approx(55.5, abs=1)
    assert columns.mean() == pytest.approx(55.5, abs=1)


def test_faces_of_one_person_shall_point_the_same_way() -> None:
    persons = torch.tensor([0, 0, 1, 1])
    apart = torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1]])
    mixed = torch.tensor([[1.0, 0], [0, 1], [1, 0], [0, 1]])
    assert float(contrast_persons(apart, persons)) < 0.01
    assert float(contrast_persons(mixed, persons)) > 5


def place(person: int, film: int) -> FacePlace:
    return FacePlace(0, np.zeros(4, np.float32), 0, person, film, 20.0)


def test_face_figures_are_1_for_known_persons_and_chance_for_noise() -> None:
    places = [place(person, film) for person in range(6) for film in (0, 1) for _ in range(4)]
    known = np.eye(6, dtype=np.float32)[[one.person for one in places]]
    figures = measure_faces(known, places)
    assert figures["triplets right"] == figures["search mAP"] == 1
    noise = np.random.default_rng(1).normal(size=(len(places), 64)).astype(np.float32)
    figures = measure_faces(noise / np.linalg.norm(noise, axis=1, keepdims=True), places)
    assert 0.35 < figures["triplets right"] < 0.65


def test_the_gate_lies_above_those_who_look_alike() -> None:
    places = [place(person, film) for person in range(6) for film in (0, 1) for _ in range(4)]
    random = np.random.default_rng(4)
    centres = np.eye(32)[:6] + 0.7 * np.eye(32)[[6] * 6]  # cosine .33
    centres[1] = centres[0] + 0.9 * np.eye(32)[7]  # .8 with the first
    noisy = centres[[one.person for one in places]] + random.normal(0, 0.05, (len(places), 32))
    vectors = (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32)
    gate, f1 = choose_gate(vectors, places)
    assert 0.75 <= gate <= 0.8
    assert f1 == 1


def test_a_batch_of_faces_holds_several_of_each_person(samples: PeopleSamples) -> None:
    faces = FaceSamples(samples)
    lesson = FaceLesson(faces, faces)
    batch = lesson.make_batch(0, 0)
    again = lesson.make_batch(0, 0)
    assert np.array_equal(batch.crops, again.crops)
    _, counts = np.unique(batch.persons, return_counts=True)
    assert counts.min() >= 2
    assert batch.crops.shape[1:] == (112, 112, 3)
    assert batch.features.shape == (len(batch.persons), len(FEATURES))
    loss = lesson.measure_loss(lesson.build(), batch)
    assert bool(torch.isfinite(loss))
    assert lesson.judge(lesson.build().eval())["faces"] > 0


def test_what_is_not_seen_of_a_face_is_not_learned(samples: PeopleSamples) -> None:
    names = list(FEATURES)
    for person in samples.films[0].cast:
        told = list_features(person.look)
        assert (told[names.index("hat_colour")] < 0) == (person.look.hat == "none")
        assert told[names.index("skin")] >= 0


def test_the_written_embedder_is_taken_as_it_is(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = build_crop_network(128, [3]).eval()
    file = tmp_path / "faces.onnx"
    export_embedder(file, network, 0.55)
    crops = np.random.default_rng(2).integers(0, 256, (5, 112, 112, 3), np.uint8)
    vectors = make_face_embedder(f"{file},mean=0,std=1").encode_faces(list(crops))
    with torch.inference_mode():
        wanted = network(torch.from_numpy(crops).permute(0, 3, 1, 2).float()).numpy()
    assert make_face_embedder(str(file)).gate == 0.55
    assert vectors.shape == (5, 128)
    assert np.allclose(vectors, wanted, atol=1e-4)


def test_the_action_head_is_given_people_and_what_they_do(samples: PeopleSamples) -> None:
    lesson = ActionLesson(samples, samples)
    batch = lesson.make_batch(0, 0)
    assert batch.done.sum(axis=1).min() >= 1
    assert bool(torch.isfinite(lesson.measure_loss(lesson.build(), batch)))
    figures = lesson.judge(lesson.build().eval())
    assert 0 <= figures["surest right"] <= 1
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[20:80, 40:60] = 255
    crop = cut_person(picture, (0.2, 0.2, 0.3, 0.8))
    assert np.ptp(np.nonzero(crop[:, :, 0] > 127)[0]) + 1 == pytest.approx(112 / 1.25, abs=2)


def test_action_figures_are_1_where_all_is_told_and_chance_where_nothing_is() -> None:
    done = np.eye(len(ACTIONS), dtype=bool)[np.arange(460) % len(ACTIONS)]
    figures = measure_actions(np.where(done, 0.8, 0.1), done)
    assert (figures.people, len(figures.each)) == (460, len(ACTIONS))
    assert figures.mean_ap == figures.surest_right == figures.precision == figures.recall == 1
    assert figures.score == 0.8
    blind = measure_actions(np.random.default_rng(1).random(done.shape), done, 0.5)
    assert blind.mean_ap == pytest.approx(blind.by_chance, abs=0.05)
    assert blind.score == 0.5
    assert blind.recall == pytest.approx(0.5, abs=0.1)


def test_an_action_that_is_hardly_ever_done_is_not_judged() -> None:
    done = np.zeros((10, len(ACTIONS)), bool)
    done[:, 2], done[:4, 5] = True, True
    figures = measure_actions(np.where(done, 0.9, 0.2), done)
    assert list(figures.each) == [ACTIONS[2]]
    assert figures.each[ACTIONS[2]] == (10, 1.0)


def test_the_best_score_leaves_out_what_is_wrong_more_often_than_right() -> None:
    done = np.zeros((8, len(ACTIONS)), bool)
    done[:, 0] = True
    scores = np.full(done.shape, 0.1)
    scores[:, 0] = 0.7
    scores[:2, 1] = 0.6
    figures = measure_actions(scores, done)
    assert (figures.score, figures.precision, figures.recall) == (0.7, 1, 1)
    lower = measure_actions(scores, done, 0.5)
    assert (lower.precision, lower.recall) == (0.8, 1)


def test_the_written_action_head_says_what_the_network_says(
    samples: PeopleSamples, tmp_path: Path
) -> None:
    lesson = ActionLesson(samples, samples)
    torch.manual_seed(0)
    network = lesson.build().eval()
    file = tmp_path / "actions.onnx"
    export_actions(file, network, 0.25)
    session = open_session(file)
    held = session.get_modelmeta().custom_metadata_map
    assert json.loads(held["names"]) == [f"action/{name}" for name in ACTIONS]
    assert (float(held["score"]), float(held["around"])) == (0.25, 1.25)
    truths = [(row, one) for row, each in enumerate(samples.truths) for one in each.persons]
    crops = np.stack([cut_person(samples.read_picture(row), one.box) for row, one in truths[:5]])
    fed = np.ascontiguousarray(crops.transpose(0, 3, 1, 2), np.float32)
    (scores,) = session.run(["scores"], {session.get_inputs()[0].name: fed})
    with torch.inference_mode():
        _, (logits,) = network.tell(torch.from_numpy(fed))
    assert scores.shape == (5, len(ACTIONS))
    assert np.allclose(scores, logits.sigmoid().numpy(), atol=1e-4)
    assert judge_actions(network, samples, step=3).people > 0


class Line:
    """A lesson of one layer."""

    def build(self) -> Any:
        return torch.nn.Linear(3, 1)

    def make_batch(self, seed: int, number: int) -> NDArray[np.float32]:
        return np.random.default_rng([seed, number]).normal(size=(16, 3)).astype(np.float32)

    def measure_loss(self, model: Any, batch: NDArray[np.float32]) -> torch.Tensor:
        given = torch.from_numpy(batch)
        loss: torch.Tensor = ((model(given)[:, 0] - given.sum(dim=1)) ** 2).mean()
        return loss

    def judge(self, model: Any) -> Mapping[str, float]:
        return {"error": float(self.measure_loss(model, self.make_batch(9, 9)).detach())}


def run(schooling: Schooling, file: Path, stop_after: int = 10**9) -> None:
    steps = 0

    def tell(_: float, __: object) -> None:
        nonlocal steps
        steps += 1
        if steps == stop_after:
            raise KeyboardInterrupt

    schooling.run(file, tell)


def test_a_stopped_schooling_goes_on_as_if_it_had_not_been_stopped(tmp_path: Path) -> None:
    chosen = SchoolSettings(seed=1, steps=40, point_steps=10, learning_rate=0.1, average=0.9)
    whole, stopped = Schooling(Line(), chosen), Schooling(Line(), chosen)
    run(whole, tmp_path / "whole.pt")
    with pytest.raises(KeyboardInterrupt):
        run(stopped, tmp_path / "part.pt", stop_after=25)
    again = Schooling(Line(), chosen)
    again.restore(tmp_path / "part.pt")
    assert again.share == 0.5
    run(again, tmp_path / "part.pt")
    figures = [point.figures for point in whole.points]
    assert [point.figures for point in again.points] == figures
    assert figures[-1]["error"] < 0.2 * figures[0]["error"]
    with pytest.raises(TrainingError, match="other settings"):
        Schooling(Line(), replace(chosen, learning_rate=0.2)).restore(tmp_path / "part.pt")


def test_a_film_is_drawn_alone_as_in_company(samples: PeopleSamples, tmp_path: Path) -> None:
    drawing = replace(DRAWING, folder=tmp_path)
    draw_film(drawing, 1)
    alone = PeopleSamples(tmp_path, [drawing.name(1)])
    assert alone.films[0] == samples.films[1]
