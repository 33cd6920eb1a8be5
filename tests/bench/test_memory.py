"""The verb `bench memory`: a long video is made truly long, and only its reader is weighed."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bench.cli import bench as verbs
from bench.long_video import loop_video
from bench.memory import measure_memory
from bench.passes import read_whole
from bench.texture import Size, film_texture
from bench.videos import Coding, write_video
from indexer.media import open_video
from indexer.single_pass import ShotMaterial


@pytest.fixture(scope="module")
def looped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long")
    frames = film_texture(Size(320, 180), 4, shot_seconds=2)
    short = write_video(folder / "short.mp4", frames, Coding(options={"preset": "veryfast"}))
    return loop_video(short, folder / "long.mp4", 11)


def test_a_looped_video_runs_on_without_a_seam(looped: Path) -> None:
    with open_video(looped) as reader:
        times = [part.time_ms for part in reader.read() if not hasattr(part, "hz")]
        assert not reader.warnings
    assert len(times) == 300
    assert {b - a for a, b in pairwise(times)} == {40}


def test_a_looped_video_repeats_its_shots(looped: Path) -> None:
    shots = [part for part in read_whole(looped) if isinstance(part, ShotMaterial)]
    assert [shot.start_ms for shot in shots] == [0, 2000, 4000, 6000, 8000, 10_000]


def test_memory_is_that_of_the_pass_alone(looped: Path) -> None:
    ours = np.ones(400 * 2**20, dtype=np.uint8)  # what this process holds must not count
    figures = measure_memory(looped)
    assert ours.all()
    assert (figures.frames, figures.shots) == (300, 6)
    assert 20 < figures.start_mb <= max(figures.quarters_mb) <= figures.peak_mb < 350
    assert figures.growth_mb == pytest.approx(
        figures.quarters_mb[-1] - figures.quarters_mb[0], abs=0.2
    )
    assert figures.verdict == "ok"


def test_the_verb_prints_one_object_and_leaves_no_long_video(tmp_path: Path) -> None:
    words = ["memory", "--hours", "0.002", "--json", "--folder", str(tmp_path)]
    result = CliRunner().invoke(verbs, words, catch_exceptions=False)
    told = json.loads(result.stdout)
    assert told["bench"] == "memory"
    assert told["minutes"] == pytest.approx(0.12, abs=0.01)
    assert told["verdict"] == "ok"
    assert [path.name for path in tmp_path.iterdir()] == ["texture_360p_7.2s.mp4"]
