"""The made world is not easy by accident, and the bench says how hard it is."""

import json

import pytest
from typer.testing import CliRunner

from bench.world.cli import world
from bench.world.hardness import Hardness, measure_hardness


def test_a_task_is_too_easy_if_one_cue_goes_far_or_comes_near() -> None:
    def judge(together: float, alone: float) -> str:
        return Hardness("t", "accuracy", 10, together, "words", alone).verdict

    assert judge(0.8, 0.5) == "ok"
    assert judge(0.8, 0.58) == "missed"  # more than 0.7 of all together
    assert judge(0.5, 0.32) == "missed"  # less than 0.2 below


def test_all_tasks_are_told_with_their_best_cue() -> None:
    told = CliRunner().invoke(world, ["cues", "--films", "3", "--json"])
    assert told.exit_code in (0, 1), told.output
    found = json.loads(told.stdout)
    assert [task["task"] for task in found["tasks"]] == [
        "relations",
        "actions",
        "questions",
        "terse captions",
        "novice captions",
        "expert captions",
    ]
    assert all(0 < task["best_alone"] <= task["together"] <= 1 for task in found["tasks"])


@pytest.mark.slow
def test_no_single_cue_goes_far_in_the_world_that_is_measured_on() -> None:
    found = measure_hardness(7, 60)
    assert [task.task for task in found.tasks if task.verdict != "ok"] == []
