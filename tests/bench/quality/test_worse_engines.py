"""An engine that was worsened on purpose is seen as worse: the interval lies below nought."""

from collections.abc import Sequence

import pytest

from bench.quality.measuring import compare, judge_known, put
from bench.quality.ranker import Chance, Forgetful, Shuffled
from bench.quality.world_tasks import WorldTasks
from bench.world.truth import Truth
from search.joins.all_of import AllOf
from search.leaves.text import TextLeaf
from search.query import Query
from tests.bench.quality.word_ranker import WordRanker


@pytest.fixture(scope="module")
def world(films: Sequence[Truth]) -> WorldTasks:
    return WorldTasks(films, 3)


def test_a_shuffled_lower_half_is_seen(films: Sequence[Truth], world: WorldTasks) -> None:
    """By an engine that is dim enough to have right ones in its lower half."""
    dim = WordRanker(films, dimness=0.3)
    tasks = [*world.known_by_text(300, "novice"), *world.topics(300)]
    honest = put(tasks, dim)
    loss = compare(put(tasks, Shuffled(dim)), honest)
    assert loss.high < 0
    assert compare(put(tasks, WordRanker(films, dimness=0.3)), honest).value == 0


def test_a_forgotten_part_of_the_query_is_seen(films: Sequence[Truth], world: WorldTasks) -> None:
    engine = WordRanker(films)
    tasks = [both for _, both in world.pairs(100)]
    loss = compare(put(tasks, Forgetful(engine)), put(tasks, engine))
    assert loss.high < -0.05


def test_a_dimmer_engine_is_seen(films: Sequence[Truth], world: WorldTasks) -> None:
    tasks = world.known_by_text(100, "terse")
    clear, dim = WordRanker(films), WordRanker(films, dimness=0.1)
    assert compare(put(tasks, dim), put(tasks, clear)).high < 0
    assert judge_known(put(tasks, Chance(clear.spans))).recall_10 < 0.1


def test_the_second_step_of_a_pair_helps(films: Sequence[Truth], world: WorldTasks) -> None:
    engine = WordRanker(films, dimness=0.1)
    alone, both = zip(*world.pairs(100), strict=True)
    assert compare(put(both, engine), put(alone, engine)).low > 0


def test_what_worsens_leaves_the_rest_as_it_was(films: Sequence[Truth]) -> None:
    engine = WordRanker(films)
    query = Query(root=TextLeaf(text="a red car"))
    honest, shuffled = engine.rank(query, 20), Shuffled(engine).rank(query, 20)
    assert honest[:10] == shuffled[:10]
    assert honest[10:] != shuffled[10:]
    assert sorted(honest, key=repr) == sorted(shuffled, key=repr)
    assert Forgetful(engine).rank(query, 20) == honest
    red, car = TextLeaf(text="red"), TextLeaf(text="car")
    heard: list[Query] = []

    class Ear:
        def rank(self, query: Query, k: int) -> list[object]:
            heard.append(query)
            return []

    Forgetful(Ear()).rank(Query(root=AllOf(children=(red, car))), 20)  # type: ignore[arg-type]
    assert heard == [Query(root=AllOf(children=(red,)))]
