"""Tasks of the made world: drawn by the seed, with right answers that truth confirms."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bench.evaluate.hits import Span
from bench.quality.world_tasks import (
    FEWEST,
    LEAST_MS,
    MOST,
    PAIR_WITHIN,
    WorldTasks,
    find_topics,
)
from bench.world.captions import write_captions
from bench.world.truth import Truth
from search.joins.then import Then
from tests.bench.world.made_truths import make_truth


@pytest.fixture(scope="module")
def made() -> Sequence[Truth]:
    return [write_captions(make_truth(number)) for number in range(3)]


@pytest.fixture(scope="module")
def world(made: Sequence[Truth]) -> WorldTasks:
    return WorldTasks(made, 1)


def test_a_seed_draws_the_same_targets_whatever_the_caption(
    made: Sequence[Truth], world: WorldTasks
) -> None:
    terse, expert = (world.known_by_text(20, caption) for caption in ("terse", "expert"))
    assert [task.goals for task in terse] == [task.goals for task in expert]
    assert [task.id for task in terse] == [
        task.id for task in WorldTasks(made, 1).known_by_text(20, "terse")
    ]
    other = WorldTasks(made, 2).known_by_text(20, "terse")
    assert [task.goals for task in terse] != [task.goals for task in other]


def test_a_target_is_asked_for_by_its_own_caption(made: Sequence[Truth], world: WorldTasks) -> None:
    captions = {f"{film.id}/{shot.id}": shot.captions for film in made for shot in film.shots}
    for task in world.known_by_text(20, "novice"):
        name, kind = task.id.split(":")
        assert kind == "novice"
        assert task.text == captions[name].novice


def test_equals_are_as_right(made: Sequence[Truth]) -> None:
    one, other = (f"{made[0].id}/{made[0].shots[at].id}" for at in (3, 4))
    world = WorldTasks(made, 1, {one: (other, "elsewhere/shot000")})
    (goal,) = next(t for t in world.known_by_text(90, "terse") if t.id == f"{one}:terse").goals
    spans = [Span(made[0].id, shot.start_ms, shot.end_ms) for shot in made[0].shots]
    assert {spans[3], spans[4]} <= set(goal.spans)


def test_titles_and_flashes_are_no_targets(made: Sequence[Truth]) -> None:
    first, second, *rest = made[0].shots
    brief = replace(second, end_ms=second.start_ms + LEAST_MS - 1)
    film = replace(made[0], shots=(replace(first, is_title=True), brief, *rest))
    sought = {task.id.split(":")[0] for task in WorldTasks([film], 1).known_by_text(99, "terse")}
    assert len(sought) == len(rest)
    assert f"{film.id}/{first.id}" not in sought


def test_a_pair_is_the_target_and_one_of_the_next_shots(
    made: Sequence[Truth], world: WorldTasks
) -> None:
    places = {
        shot.captions.novice: (film.id, at) for film in made for at, shot in enumerate(film.shots)
    }
    pairs = world.pairs(15)
    assert len(pairs) == 15
    for alone, both in pairs:
        assert isinstance(both.query.root, Then)
        assert alone.goals == both.goals
        first, second = (places[str(one.text)] for one in both.query.root.stages)
        assert first[0] == second[0]
        assert 1 <= second[1] - first[1] <= PAIR_WITHIN


def test_a_topic_has_some_right_shots_and_all_of_them(
    made: Sequence[Truth], world: WorldTasks
) -> None:
    topics = world.topics(30)
    assert topics
    for task in topics:
        right = [
            Span(film.id, shot.start_ms, shot.end_ms)
            for film in made
            for shot in film.shots
            if task.text in set(find_topics(shot))
        ]
        assert FEWEST <= len(right) <= MOST
        assert [goal.spans[0] for goal in task.goals] == right


def test_a_picture_is_taken_from_within_its_shot(world: WorldTasks) -> None:
    for target, time_ms in world.pictured(20):
        assert target.shot.start_ms < time_ms < target.shot.end_ms
