"""No single cue tells relations or actions; all cues together do."""

import json
from functools import cache

import pytest

from bench.world.cue_reading import POSTURES, read_acts, read_pairs
from bench.world.one_cue import CueFigures, judge_actions, judge_relations
from bench.world.plan import VideoPlan
from bench.world.story import plan_video
from bench.world.words import ACTIONS, RELATIONS


@cache
def _plans(split: str, count: int) -> tuple[VideoPlan, ...]:
    return tuple(plan_video(7, split, number) for number in range(count))


def test_relations_need_several_cues() -> None:
    figures = judge_relations(_plans("train", 240), _plans("test", 100))
    assert figures.classes == len(RELATIONS)
    assert figures.together >= 0.75
    assert figures.is_hard, figures.alone


def test_actions_need_several_cues() -> None:
    figures = judge_actions(_plans("train", 60), _plans("test", 25))
    assert figures.classes == len(ACTIONS)
    assert figures.together >= 0.75
    assert figures.is_hard, figures.alone


def test_chance_is_reached_where_labels_say_nothing() -> None:
    plans = _plans("train", 20)
    figures = judge_relations(plans[:10], plans[10:])
    assert dict(figures.alone)["company"] < 0.4


@pytest.mark.parametrize(
    ("alone", "together", "is_hard"),
    [(0.5, 0.8, True), (0.6, 0.8, False), (0.15, 0.3, False)],
)
def test_a_task_is_hard_by_ratio_and_by_gap(alone: float, together: float, is_hard: bool) -> None:
    figures = CueFigures("relations", 8, 10, 10, (("place", alone),), together)
    assert figures.is_hard == is_hard


def test_figures_are_told_as_json() -> None:
    figures = CueFigures("relations", 8, 10, 10, (("place", 0.5), ("words", 0.25)), 0.8)
    told = json.loads(figures.to_json())
    assert told["alone"] == {"place": 0.5, "words": 0.25}
    assert (told["chance"], told["is_hard"]) == (0.125, True)


def test_pairs_and_acts_are_read_with_all_their_cues() -> None:
    plan = _plans("train", 1)[0]
    pairs, acts = list(read_pairs(plan)), list(read_acts(plan))
    assert {pair.label for pair in pairs} <= {each.relation for each in plan.relations}
    count = sum(len(a.acts) for s in plan.shots for p in s.pictures for a in p.actors)
    assert len(acts) == count
    for examples in (pairs, acts):
        assert len({tuple(cue for cue, _ in example.cues) for example in examples}) == 1


def test_every_action_has_postures_that_sum_to_one() -> None:
    assert set(POSTURES) == set(ACTIONS)
    assert all(abs(sum(shares.values()) - 1) < 1e-9 for shares in POSTURES.values())


def test_no_posture_belongs_to_one_action() -> None:
    for posture in {name for shares in POSTURES.values() for name in shares}:
        assert sum(posture in shares for shares in POSTURES.values()) >= 3, posture
