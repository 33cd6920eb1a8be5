import json

import numpy as np
import pytest

from bench.world.captions import state_facts
from bench.world.describing import see_shot
from bench.world.one_cue_words import OneCueFigures, measure_words, score_shots
from bench.world.stated import match_facts
from tests.bench.world.made_truths import make_truth


@pytest.fixture(scope="module")
def figures() -> OneCueFigures:
    return measure_words([make_truth(number, scenes=8) for number in range(8)])


def test_scores_are_those_of_the_plain_match() -> None:
    truth = make_truth(6, scenes=2)
    sights = [see_shot(truth, shot) for shot in truth.shots]
    facts = [state_facts(truth, shot, "expert") for shot in truth.shots]
    plain = [[match_facts(each, sight) * each.count for sight in sights] for each in facts]
    np.testing.assert_allclose(score_shots(facts, sights), plain, rtol=1e-5)


@pytest.mark.parametrize("kind", ["terse", "novice", "expert"])
def test_no_single_cue_finds_shots_nearly_as_well_as_all(figures: OneCueFigures, kind: str) -> None:
    recall = {each.cue: each.recall_at_10 for each in figures.captions if each.captions == kind}
    best = max(value for cue, value in recall.items() if cue != "all")
    assert recall["all"] >= 0.7
    assert best < recall["all"]


def test_all_facts_answer_every_question(figures: OneCueFigures) -> None:
    assert {each.accuracy for each in figures.questions if each.cue == "all"} == {1.0}


def test_no_single_cue_answers_nearly_as_well(figures: OneCueFigures) -> None:
    overall = {each.cue: each.accuracy for each in figures.questions if each.kind == "all"}
    assert set(overall) == {"all", "prior", "subtitles", "single shot"}
    assert max(value for cue, value in overall.items() if cue != "all") <= 0.7


def test_figures_are_written_as_json(figures: OneCueFigures) -> None:
    told = json.loads(figures.to_json())
    assert told["shots"] == figures.shots == 8 * 48
    assert len(told["captions"]) == len(figures.captions)
