"""Ways of doing one thing race in turns; a whole run has the documented rows, and its targets."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from bench.speed.collection import SPACE, TRUTH, Plan, keep_collection
from bench.speed.contests import LEAF, OURS, THEN
from bench.speed.figures import LIMIT, SQ8, Heat, SpeedFigures, Target, judge
from bench.speed.limit import MemoryReader, find_matrix
from bench.speed.over_http import MANY, ONE
from bench.speed.peers.peer import Offer
from bench.speed.plots import draw_plots
from bench.speed.race import FEWEST, WARM_UP, Entrant, race
from bench.speed.run import SpeedRun, find_fast, measure_speed
from bench.speed.tables import show_speed
from indexer.generations.opening import open_generation

KEYS = {"name", "who", "keyframes", "dim", "p50_ms", "p95_ms", "p99_ms", "times_memory_read",
        "recall@1000", "rss_mb"}  # fmt: skip
SMALL = SpeedRun(keyframes=3000, rounds=3, most_s=5, load_s=0.1, quick=True)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("speed")


@pytest.fixture(scope="module")
def figures(kept: Path) -> SpeedFigures:
    """A whole run at two sizes, with those of the peers that are installed everywhere."""
    import bench.speed.run as run

    with pytest.MonkeyPatch.context() as patch:
        find = run.find_offers
        patch.setattr(run, "SMALL", 1000)
        patch.setattr(
            run, "find_offers", lambda **how: [it for it in find(**how) if it.package == "faiss"]
        )
        return measure_speed(kept, SMALL, lambda line: None)


def test_all_act_in_turn_after_a_warm_up() -> None:
    acted: list[str] = []
    entrants = [Entrant("it", name, lambda number, name=name: acted.append(f"{name}{number}"))
                for name in ("a", "b")]  # type: ignore[misc]  # fmt: skip
    timings = race(entrants, 3)
    assert acted == [f"{name}{number}" for number in range(WARM_UP + 3) for name in ("a", "b")]
    assert [(each.who, each.rounds) for each in timings] == [("a", 3), ("b", 3)]
    assert all(it.best_ms <= it.p50_ms <= it.p95_ms <= it.p99_ms for it in timings)


def test_who_has_spent_its_time_acts_no_more_than_a_few_times() -> None:
    slow, fast = race([Entrant("", "slow", lambda number: sum(range(10**5))),
                       Entrant("", "fast", lambda number: None)], 20, most_s=1e-4)  # fmt: skip
    assert slow.rounds == FEWEST
    assert fast.rounds == 20
    assert slow.p50_ms > fast.p50_ms


def test_the_limit_reads_every_byte() -> None:
    matrix = np.ones((1003, 8), np.uint8)
    reader = MemoryReader(matrix)
    for row in (0, 500, 1002):
        matrix[row, 7] = 100
        assert reader.read() == int(matrix[row].view(np.int32)[1])
        matrix[row, 7] = 1
    reader.close()


def test_rows_have_the_documented_keys_and_name_who_did_it(figures: SpeedFigures) -> None:
    told = json.loads(json.dumps(figures.to_json(), allow_nan=False))
    assert {"commit", "machine", "measured_at"} <= set(told)
    assert all(set(row) == KEYS for row in told["rows"])
    assert {row["who"] for row in told["rows"]} == {LIMIT, OURS, "FAISS Flat", SQ8}
    for row in told["rows"]:
        read_ms = told["memory_read_ms"][str(row["keyframes"])]
        assert row["times_memory_read"] == pytest.approx(row["p95_ms"] / read_ms, abs=0.01)
    assert {row["keyframes"] for row in told["rows"]} == {1000, 3000}
    texts = {row["who"] for row in told["rows"] if "text" in row["name"]}
    assert texts == {OURS, "FAISS Flat", SQ8}
    assert {row["name"] for row in told["rows"]} >= {ONE, MANY}
    assert told["http"]["3000"]["share"] > 0


def test_exact_engines_find_all_of_the_true_best(figures: SpeedFigures) -> None:
    rows = {row.who: row for row in figures.heats[-1].rows if row.recall_1000 is not None}
    assert rows[OURS].recall_1000 == 1
    assert rows["FAISS Flat"].recall_1000 == 1
    assert 0.98 < (rows[SQ8].recall_1000 or 0) < 1
    assert (rows[OURS].rss_mb or 0) > 30


def test_tables_and_plots_show_what_was_measured(figures: SpeedFigures, tmp_path: Path) -> None:
    page = StringIO()
    show_speed(figures, Console(file=page, width=80))
    for part in (LEAF, THEN, "FAISS Flat", "3,000 keyframes", "recall@10000", "HNSW takes minutes",
                 "Over HTTP"):  # fmt: skip
        assert part in page.getvalue()
    assert [file.name for file in draw_plots(figures, tmp_path)] == ["speed.png", "speed_peers.png"]
    assert all((tmp_path / name).stat().st_size > 9000 for name in ("speed.png", "speed_peers.png"))


def test_a_target_is_reached_from_its_own_side() -> None:
    assert Target("", 2.0, 2.0).verdict == Target("", 3.0, 2.0, is_most=False).verdict == "ok"
    assert Target("", 2.1, 2.0).verdict == Target("", 1.9, 2.0, is_most=False).verdict == "missed"


def test_slower_rows_miss_their_targets(figures: SpeedFigures) -> None:
    heat = figures.heats[-1]
    x = heat.memory_read_ms

    def with_p50(ms: float) -> Heat:
        rows = tuple(replace(row, p50_ms=ms, times_memory_read=ms / x) for row in heat.rows)
        return replace(heat, rows=rows)

    fast, slow = (
        {it.name: it.verdict for it in judge(with_p50(times * x), 512)} for times in (1.7, 2.6)
    )
    for name, verdict in fast.items():
        if "memory reads" in name:
            assert verdict == "ok", name
            assert slow[name] == (
                "ok" if "feedback" in name or "two stages, p95" in name else "missed"
            )


def test_slow_builders_are_left_to_the_smaller_size(figures: SpeedFigures) -> None:
    offers = [Offer(who, "faiss", "", lambda size: None) for who in ("FAISS Flat", SQ8, "broken")]  # type: ignore[arg-type,return-value]
    small = replace(figures.heats[-1], build_s={"FAISS Flat": 61.0, SQ8: 59.0})
    said: list[str] = []
    assert [it.who for it in find_fast(offers, small, 10, said.append)] == [SQ8]
    assert "FAISS Flat" in said[0]


def test_the_collection_is_as_planned_and_kept(kept: Path, figures: SpeedFigures) -> None:
    told: list[str] = []
    plan = Plan(SMALL.keyframes, SMALL.dim)
    place = keep_collection(kept, plan, told.append)
    assert told == []
    generation = open_generation(place)
    assert (len(generation.rows), len(generation.videos)) == (3000, plan.shape.videos)
    assert generation.rows.shot.tolist() == plan.shape.shots_of_rows().tolist()
    truth = np.load(place / TRUTH)
    scores = generation.spaces[SPACE].row_scores(plan.queries(2))
    np.testing.assert_allclose(truth[:2], scores, atol=1e-5)
    shots = len(generation.shots)
    for name, share in (("thing-1", 0.5), ("thing-50", 0.01)):
        found = len(generation.labels.find(name).shots) / shots
        assert found == pytest.approx(share, abs=4 * (share / shots) ** 0.5)
    assert find_matrix(place, 3000, 512).shape == (3000, 512)


def test_the_same_seed_makes_the_same_collection(tmp_path: Path) -> None:
    plans = [Plan(300, 384, seed=1), Plan(300, 384, seed=1), Plan(300, 384, seed=2)]
    places = [keep_collection(tmp_path / str(n), it, lambda line: None)
              for n, it in enumerate(plans)]  # fmt: skip
    truths = [np.load(place / TRUTH) for place in places]
    assert (truths[0] == truths[1]).all()
    assert (truths[0] != truths[2]).any()
    said = [open_generation(place).words.documents.text(5) for place in places]
    assert said[0] == said[1] != said[2]
