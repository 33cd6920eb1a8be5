"""A whole run of `bench people`: truths, topics, grid, figures."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.people.dataset import choose_topics, read_people
from bench.people.evaluate import evaluate
from bench.people.grid import (
    GRID,
    LEAST_RELEVANT,
    QUICK_GRID,
    QUICK_LEAST_RELEVANT,
    QUICK_SEEDS,
    SEEDS,
    Cell,
)
from bench.people.report import (
    PeopleFigures,
    compare_ways,
    mean_by_seed,
    set_goals,
    split_factors,
)
from bench.world.edition import Edition, truth_path
from bench.world.making import Order, make_edition
from bench.world.truth import VERSION, Truth, read_truth


@dataclass(frozen=True)
class Amount:
    """How much is measured."""

    films: int
    least_relevant: int
    grid: tuple[Cell, ...]
    seeds: tuple[int, ...]


WHOLE = Amount(60, LEAST_RELEVANT, GRID, SEEDS)
QUICK = Amount(20, QUICK_LEAST_RELEVANT, QUICK_GRID, QUICK_SEEDS)


def measure_people(
    folder: Path, seed: int, amount: Amount, tell: Callable[[str], None]
) -> PeopleFigures:
    """Make the truth of test films, degrade it, search it.

    Args:
        folder: where truths are kept for the next time.
        seed: of the made world and of the topics.
        amount: how much.
        tell: hears what is being done.
    """
    from bench.origin import find_origin

    origin, began = find_origin(), time.perf_counter()
    films = read_truths(folder, seed, amount.films, tell)
    people = read_people(films)
    topics = choose_topics(people, amount.least_relevant, seed)
    made = time.perf_counter()
    tell(f"{len(topics)} topics on {len(amount.grid)} cells, {len(amount.seeds)} seeds")
    scores = evaluate(people, topics, amount.grid, amount.seeds, tell)
    ways = compare_ways(scores)
    return PeopleFigures(
        dataset={
            "name": f"made world, seed {seed}, test", "films": len(films),
            "shots": int(people.first_shot[-1]), "samples": len(people.samples),
            "faces": len(people.faces.owner), "actions": len(people.acts.owner),
            "topics": len(topics), "relevant": sum(len(topic.shots) for topic in topics),
            "seeds": len(amount.seeds),
        },
        grid=amount.grid,
        ways=ways,
        by_factor=split_factors(scores, amount.grid, [topic.family for topic in topics]),
        by_seed=mean_by_seed(scores, amount.seeds),
        goals=set_goals(ways),
        seconds={
            "truth": round(made - began, 2), "searching": round(time.perf_counter() - made, 2)
        },
        origin=origin,
    )  # fmt: skip


def read_truths(folder: Path, seed: int, count: int, tell: Callable[[str], None]) -> list[Truth]:
    """The truths of the first test films, made as far as they are not there; no film is drawn.

    They lie where `bench quality` puts the films, which it then need not plan again.
    """
    edition = Edition("test films", seed, (0, 0, count))
    home = folder / f"world-{VERSION}-{seed}-{count}"
    tell(f"the truth of {count} test films in {home}")
    make_edition(home, edition, Order(truth_only=True))
    return [read_truth(truth_path(home, film)) for film in edition.films]
