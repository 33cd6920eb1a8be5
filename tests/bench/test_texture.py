"""The made videos of the benchmarks: rich, moving, with cuts where they are said to be."""

from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from bench.passes import read_plain, read_scaled, read_whole
from bench.texture import Size, film_texture
from bench.videos import Coding, write_video
from indexer.single_pass import ShotMaterial

SMALL = Size(320, 180)


def test_the_same_seed_gives_the_same_film() -> None:
    first, second, other = (next(film_texture(SMALL, 1, seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_a_texture_has_detail_at_every_scale() -> None:
    luma = next(film_texture(SMALL, 1)).mean(axis=2)
    for step in (1, 4, 16, 64):
        assert np.abs(luma[:, step:] - luma[:, :-step]).mean() > 4, step


def test_the_camera_moves_between_the_cuts_and_little_at_a_time() -> None:
    frames = [frame.astype(float) for frame in islice(film_texture(SMALL, 2), 40)]
    steps = [np.abs(a - b).mean() for a, b in pairwise(frames)]
    assert min(steps) > 0.5
    assert np.abs(frames[0] - frames[-1]).mean() > 2 * max(steps)


def test_the_cuts_are_found_where_they_were_made(tmp_path: Path) -> None:
    frames = film_texture(SMALL, 8, shot_seconds=2)
    path = write_video(tmp_path / "cuts.mp4", frames, Coding(options={"preset": "ultrafast"}))
    shots = [part for part in read_whole(path) if isinstance(part, ShotMaterial)]
    assert [shot.start_ms for shot in shots] == [0, 2000, 4000, 6000]
    assert all(shot.keyframes for shot in shots)


def test_every_way_of_reading_sees_every_frame(tmp_path: Path) -> None:
    path = write_video(tmp_path / "short.mp4", film_texture(SMALL, 3))
    *_, summary = read_whole(path)
    assert read_plain(path) == read_scaled(path) == getattr(summary, "frames", 0) == 75
