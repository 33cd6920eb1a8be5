"""Two sizes in turns: rows as documented, both paths apart, and the truth that they are held to."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bench.speed.collection import SPACE, Plan, keep_collection
from bench.speed.contests import LEAF, OURS, THEN
from bench.speed.large import EXACT, ROUGH, LargeFigures, measure_large, name_row
from bench.speed.large_tables import show_large
from bench.speed.recall import fuse_plainly
from indexer.generations import vector_writing
from indexer.generations.opening import open_generation

SMALL = Plan(1500, 384)
KEYS = {"name", "who", "keyframes", "dim", "p50_ms", "p95_ms", "p99_ms", "times_memory_read",
        "recall@1000", "rss_mb"}  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("large")


@pytest.fixture(scope="module")
def figures(kept: Path) -> LargeFigures:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_writing, "EXACT_MOST", 0)
        return measure_large(kept, SMALL, 2, lambda line: None)


def test_rows_are_documented_ones_of_both_sizes_and_paths(figures: LargeFigures) -> None:
    told = json.loads(json.dumps(figures.to_json(), allow_nan=False))
    assert all(set(row) == KEYS for row in told["rows"])
    ours = {(row["keyframes"], row["name"]) for row in told["rows"] if row["who"] == OURS}
    exact, rough = ({name_row(what, path) for what in (LEAF, THEN)} for path in (EXACT, ROUGH))
    assert ours == {(1500, name) for name in exact} | {(6000, name) for name in exact | rough}
    assert len(told["targets"]) == 6


def test_nearly_all_is_found_on_both_paths(figures: LargeFigures) -> None:
    for row in figures.rows:
        if row.who == OURS:
            assert (row.recall_1000 or 0) > (0.95 if ROUGH in row.name else 0.99), row


def test_the_paths_are_two(kept: Path, figures: LargeFigures) -> None:
    place = keep_collection(kept, Plan(6000, 384), lambda line: None)
    asked = SMALL.queries(1)
    one, other = (
        open_generation(place, first_pass=way).spaces[SPACE].row_scores(asked)
        for way in ("always", "never")
    )
    assert (one != other).mean() > 0.5


def test_targets_are_ratios_to_the_smaller_size(figures: LargeFigures) -> None:
    def with_times(times: float) -> LargeFigures:
        rows = (
            replace(row, p50_ms=10 * (times if row.keyframes == 6000 else 1), recall_1000=0.95)
            for row in figures.rows
        )
        return replace(figures, rows=tuple(rows))

    def missed(times: float) -> int:
        return sum(it.verdict == "missed" for it in with_times(times).targets)

    assert [missed(times) for times in (3.0, 4.2, 4.3)] == [0, 2, 4]
    poor = tuple(replace(row, recall_1000=0.94) for row in with_times(1).rows)
    assert replace(figures, rows=poor).to_json()["verdict"] == "missed"


def test_tables_show_what_was_measured(figures: LargeFigures) -> None:
    page = StringIO()
    show_large(figures, Console(file=page, width=120))
    for part in (LEAF, ROUGH, "1,500", "6,000", "recall@1000", "4.2"):
        assert part in page.getvalue()


@settings(max_examples=50, deadline=None)
@given(
    videos=st.lists(st.integers(1, 7), min_size=1, max_size=5),
    within=st.integers(1, 8),
    seed=st.integers(0, 99),
)
def test_sequences_are_fused_as_by_loops(videos: list[int], within: int, seed: int) -> None:
    video = np.repeat(np.arange(len(videos)), videos)
    first, second = np.random.default_rng(seed).random((2, len(video)), np.float32)
    found = fuse_plainly(first, second, video, within)
    for shot, score in enumerate(found.tolist()):
        after = [
            1 - (1 - first[shot]) * (1 - second[other])
            for other in range(shot + 1, min(shot + 1 + within, len(video)))
            if video[other] == video[shot]
        ]
        assert score == pytest.approx(max(after, default=-1), abs=1e-6)
