"""Person-action search on degraded truth: what is degraded, what is right, and what is told."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer import Typer
from typer.testing import CliRunner

import bench.people
from bench.people.cli import people as verb
from bench.people.dataset import TrueBoxes, TruePeople, choose_topics, read_people
from bench.people.degrading import NOBODY, degrade
from bench.people.evaluate import WAYS, evaluate, list_shots
from bench.people.grid import GRID, QUICK_GRID, SAME_PERSON, Cell
from bench.people.report import compare_ways, set_goals, split_factors
from bench.world.words import ACTIONS
from tests.bench.world.made_truths import make_truth

WORST, NONE = GRID[-1], Cell(0, 0, 0, 0)


@pytest.fixture(scope="module")
def people() -> TruePeople:
    return read_people([make_truth(number) for number in range(12)])


def find_shots(people: TruePeople, boxes: TrueBoxes, meaning: int) -> set[int]:
    own = boxes.meaning[boxes.owner] == meaning
    return set(people.samples.shot[boxes.sample[own]].tolist())


def test_the_grid_is_the_one_that_was_asked_for() -> None:
    assert {cell.missed for cell in GRID} == {cell.missed for cell in QUICK_GRID} == {0.1, 0.3, 0.5}
    assert len(GRID) == len(set(GRID)) == 24
    assert set(QUICK_GRID) < set(GRID)


def test_boxes_lie_where_truth_has_them() -> None:
    film = make_truth(3)
    read = read_people([film])
    for number, shot in enumerate(film.shots):
        for seen in shot.persons:
            person = read.persons.index(seen.person)
            own = (read.faces.meaning == person)[read.faces.owner]
            own &= read.samples.shot[read.faces.sample] == number
            assert read.samples.time_ms[read.faces.sample[own]].tolist() == list(seen.face.times_ms)
            told = read.faces.box[own].ravel().tolist()
            assert told == pytest.approx([side for box in seen.face.boxes for side in box])


def test_an_act_is_boxed_while_it_lasts_by_its_actors_body() -> None:
    film = make_truth(3)
    read = read_people([film])
    expected = Counter(
        (number, act.action, time)
        for number, shot in enumerate(film.shots)
        for act in shot.actions
        for seen in shot.persons
        for time in seen.track.times_ms
        if seen.person == act.actor and act.start_ms <= time < act.end_ms
    )
    rows = zip(
        read.samples.shot[read.acts.sample].tolist(),
        (ACTIONS[each] for each in read.acts.meaning[read.acts.owner]),
        read.samples.time_ms[read.acts.sample].tolist(),
        strict=True,
    )
    assert Counter(rows) == expected


def test_a_topics_shots_are_all_in_which_that_person_does_that(people: TruePeople) -> None:
    topics = choose_topics(people, 2, 7)
    assert topics
    for topic in topics:
        pair = topic.person, topic.action
        done = {shot for who, what, shot in people.done if (who, what) == pair}
        assert set(topic.shots) == done
        assert len(done) >= 2
    assert max(Counter(topic.person for topic in topics).values()) <= 2
    assert ACTIONS.index("standing") not in {topic.action for topic in topics}
    assert topics == choose_topics(people, 2, 7) != choose_topics(people, 2, 8)


def test_a_cell_of_nothing_leaves_all_as_it_is(people: TruePeople) -> None:
    told = degrade(people, NONE, (0, 0))
    assert told.faces.box.tolist() == people.faces.box.tolist()
    assert told.actions.sample.tolist() == people.acts.sample.tolist()


@pytest.mark.parametrize("missed", [0.1, 0.3, 0.5])
def test_so_many_are_missed_as_the_cell_says(people: TruePeople, missed: float) -> None:
    told = degrade(people, Cell(missed, 0, 0, 0), (1, 0))
    for left, whole in ((told.faces, people.faces), (told.actions, people.acts)):
        assert 1 - len(left.owner) / len(whole.owner) == pytest.approx(missed, abs=0.06)


def test_boxes_are_moved_by_a_share_of_their_size(people: TruePeople) -> None:
    told = degrade(people, Cell(0, 0, 0.1, 0), (1, 0))
    size = people.faces.box[:, 2] - people.faces.box[:, 0]
    off = (told.faces.box[:, 2] - people.faces.box[:, 2]) / size
    assert off.std() == pytest.approx(0.1, rel=0.1)


def test_so_many_acts_are_confused_as_the_cell_says(people: TruePeople) -> None:
    told = degrade(people, Cell(0, 0, 0, 0.3), (1, 0))
    first = told.actions.meaning[: len(people.acts.meaning)]
    assert (first != people.acts.meaning).mean() == pytest.approx(0.3, abs=0.06)
    # What it truly is, is told as well: the same boxes once more.
    for action in range(len(ACTIONS)):
        assert find_shots(people, told.actions, action) >= find_shots(people, people.acts, action)


def test_so_many_false_alarms_are_added_as_the_cell_says(people: TruePeople) -> None:
    told = degrade(people, Cell(0, 2.0, 0, 0), (1, 0))
    shots = int(people.first_shot[-1])
    false = int((told.faces.meaning == NOBODY).sum())
    assert false / shots == pytest.approx(2, abs=0.25)
    more = len(told.actions.meaning) - len(people.acts.meaning)
    assert more / shots == pytest.approx(2, abs=0.25)


def test_faces_are_likest_to_their_own_person_and_the_same_each_time(people: TruePeople) -> None:
    told = degrade(people, WORST, (2, 5))
    faces = told.find_faces(0)
    own = (told.faces.meaning == 0)[told.faces.owner[faces.row]]
    assert faces.score[own].mean() == pytest.approx(SAME_PERSON.mean, abs=0.05)
    assert faces.score[~own].mean() < 0.25
    again = degrade(people, WORST, (2, 5)).find_faces(0)
    assert again.score.tolist() == faces.score.tolist()


def test_undegraded_truth_is_found_best_where_identity_is_checked(people: TruePeople) -> None:
    topics = choose_topics(people, 2, 7)
    means = evaluate(people, topics, [NONE], [0]).mean(axis=(0, 1, 3))
    told = dict(zip((way.name for way in WAYS), means.tolist(), strict=True))
    assert told["Base+ICV"] > told["Base"] > 0.1


def test_equals_are_listed_by_their_own_score_and_then_against_us() -> None:
    own = np.array([0, 0.5, 0.2, 0.5, 0], np.float32)
    final = np.array([0.5, 0.5, 0.5, 0.5, 0], np.float32)
    right = np.array([True, True, False, False, True])
    assert list_shots(own, final, right).tolist() == [3, 1, 2, 0]


def test_figures_are_means_over_cells_and_seeds_and_goals_their_verdicts() -> None:
    scores = np.zeros((len(QUICK_GRID), 2, len(WAYS), 4))
    scores[:, :, 0] = [0.1, 0.2, 0.3, 0.4]
    scores[:, :, 1:] = [0.2, 0.2, 0.4, 0.5]
    scores[0, :, 2] = 0
    gains = compare_ways(scores)
    assert gains["Base"].map == pytest.approx(0.25)
    assert gains["Base+DTE"].over_base.value == pytest.approx(0.075)
    assert gains["Base+DTE"].relative == pytest.approx(30)
    assert gains["Base+ICV"].map == pytest.approx(0.325 * 2 / 3)
    verdicts = {goal.name: goal.verdict for goal in set_goals(gains)}
    assert verdicts.pop("Base+ICV over Base") == "missed"
    assert set(verdicts.values()) == {"ok"}
    split = split_factors(scores, QUICK_GRID, ["alone", "alone", "with a thing", "with a thing"])
    assert split["missed"]["0.1"]["Base+ICV"].map == 0
    assert split["topics"]["with a thing"]["Base"].map == pytest.approx(0.35)


def test_nothing_gained_is_no_gain() -> None:
    goals = set_goals(compare_ways(np.full((1, 1, len(WAYS), 3), 0.5)))
    verdicts = [goal.verdict for goal in goals]
    assert verdicts == ["ok", "ok", "missed", "ok", "missed"]


@pytest.mark.slow
def test_the_verb_prints_the_documented_object(tmp_path: Path) -> None:
    app = Typer()
    app.command()(verb)
    words = ["--quick", "--json", "--folder", str(tmp_path), "--out", str(tmp_path / "out.json")]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told == json.loads((tmp_path / "out.json").read_text("utf-8"))
    page = Path(bench.people.__file__).with_name("README.md").read_text("utf-8")
    (shown,) = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, re.DOTALL))
    assert_same_keys(told, shown)
    assert told["verdict"] == "ok"
    table = CliRunner().invoke(app, words[:1] + words[2:4], env={"COLUMNS": "160"}).stdout
    for part in ("Base+DTE+ICV", "16.5 / 15.8 / 19.2", "missed 0.3", "Targets"):
        assert part in table


def assert_same_keys(told: dict[str, Any], shown: dict[str, Any]) -> None:
    assert set(told) == set(shown)
    assert set(told["dataset"]) == set(shown["dataset"])
    assert set(told["grid"][0]) == set(shown["grid"][0])
    assert set(told["ways"]["Base"]) == set(shown["ways"]["Base"])
    assert set(told["by_factor"]) == set(shown["by_factor"])
    assert set(told["targets"][0]) == set(shown["targets"][0])
    assert set(told["seconds"]) == set(shown["seconds"])
