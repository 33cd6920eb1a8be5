"""What a query leaves behind: arrays of megabytes must not wait for the garbage collector."""

import gc
import json
from collections.abc import Iterator
from typing import Any

import pytest
from casts import FACES, LEFT, LOOKS, Film, build, face_in, make_encoders, picture_of
from hypothesis import HealthCheck, given, settings
from oracle import Oracle
from trees import TREES, VECTORS, WORLDS, ground
from worlds import make_world

from search.engine import SearchEngine
from search.options import SearchOptions
from search.outcome import Outcome
from search.query import read_query

ANN: dict[str, Any] = {"pictures": [picture_of("ann")], "space": FACES.name}
CARRY = {"name": "action/carry"}


@pytest.fixture(autouse=True)
def by_hand() -> Iterator[None]:
    """The collector off, and blind for what was there before: a million objects of other tests."""
    gc.disable()
    gc.freeze()
    yield
    gc.unfreeze()
    gc.enable()


def count_left(engine: SearchEngine, tree: dict[str, Any]) -> int:
    """How many outcomes are still in memory after a search of which nothing is kept."""
    gc.collect()
    engine.search(read_query(json.dumps(tree)), SearchOptions(k=5))
    return sum(isinstance(one, Outcome) for one in gc.get_objects())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=WORLDS, tree=TREES)
def test_random_queries_leave_nothing(seed: int, tree: dict[str, Any]) -> None:
    world = make_world(seed)
    root = ground(tree, Oracle(world.videos, world.spaces, VECTORS))
    assert count_left(SearchEngine(world.generation, world.encoders), root) == 0


@pytest.mark.parametrize(
    "tree",
    [
        {"kind": "person", **ANN},
        {"kind": "action", **CARRY},
        {"kind": "action", "text": "a kick"},
        {"kind": "person_action", "person": ANN, "action": CARRY},
    ],
    ids=lambda tree: "-".join(str(tree[name]) for name in ("kind", "text") if name in tree),
)
def test_queries_for_people_leave_nothing(tree: dict[str, Any]) -> None:
    film = Film("a")
    start = film.shot()
    film.face(start, LOOKS["ann"], face_in(LEFT))
    film.act(start, LEFT, {0: 0.9, 2: 0.9})
    film.look(start, LEFT, 2, (1, 0, 0, 0))
    assert count_left(SearchEngine(build(film), make_encoders()), tree) == 0
