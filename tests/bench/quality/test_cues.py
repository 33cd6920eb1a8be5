"""Engines that look at truth: by all facts they find what is sought, by one kind less."""

from collections.abc import Sequence

import pytest

from bench.quality.cues import rank_by_cues
from bench.quality.measuring import judge_known, put
from bench.quality.world_tasks import WorldTasks
from bench.world.likeness import find_duplicates
from bench.world.truth import Truth
from search.leaves.text import TextLeaf
from search.query import Query


def test_no_single_cue_goes_as_far_as_all(films: Sequence[Truth]) -> None:
    tasks = WorldTasks(films, 3, find_duplicates(films)).known_by_text(60, "novice")
    rankers = rank_by_cues(films, [task.text for task in tasks])
    reached = {name: judge_known(put(tasks, ranker)).recall_10 for name, _, ranker in rankers}
    oracle = reached.pop("oracle")
    assert oracle > 0.9
    assert {"only place", "only colours", "only actions"} <= set(reached)
    assert max(reached.values()) < oracle - 0.2


def test_captions_that_nobody_asked_are_not_answered(films: Sequence[Truth]) -> None:
    name, says, oracle = next(rank_by_cues(films, ["a"][:0]))
    assert name == "oracle"
    assert says
    with pytest.raises(KeyError):
        oracle.rank(Query(root=TextLeaf(text="a red car")), 10)
