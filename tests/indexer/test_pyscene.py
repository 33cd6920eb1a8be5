"""Our content and adaptive detection beside PySceneDetect's own, its default settings."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scenedetect import AdaptiveDetector, ContentDetector, FrameTimecode, SceneDetector

from indexer.segmenters.pyscene import AdaptiveRule, ContentRule, FrameScore, PySceneSegmenter, Rule

NOTHING = np.zeros((2, 2, 3), np.uint8)
KINDS: dict[str, tuple[type[Rule], type[ContentDetector]]] = {
    "content": (ContentRule, ContentDetector),
    "adaptive": (AdaptiveRule, AdaptiveDetector),
}
LEVELS = st.sampled_from([0.0, 1e-6, 4.0, 5.0, 9.0, 14.999, 15.0, 26.999, 27.0, 90.0, 255.0])


def find_by_library(detector: SceneDetector, pictures: Sequence[NDArray[np.uint8]]) -> list[int]:
    times = [FrameTimecode(number, 25.0) for number in range(len(pictures))]
    cuts = [
        cut.frame_num
        for time, picture in zip(times, pictures, strict=True)
        for cut in detector.process_frame(time, picture)
    ]
    return cuts + [cut.frame_num for cut in detector.post_process(times[-1])]


def draw_pictures(seed: int) -> list[NDArray[np.uint8]]:
    """A noisy picture that now and then changes, wholly or in its colour alone, twice in a row."""
    rng = np.random.default_rng(seed)
    made = []
    scene = rng.integers(0, 256, (9, 16, 3))
    for number in range(150):
        if rng.random() < 0.06 or number in (60, 61, 75):
            scene = rng.integers(0, int(rng.integers(2, 256)), (9, 16, 3))
        noisy = scene + rng.integers(-2, 3, scene.shape)
        made.append(np.clip(cv2.blur(noisy.astype(np.int16), (3, 3)), 0, 255).astype(np.uint8))
    return made


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=300)
@given(runs=st.lists(st.tuples(LEVELS, st.integers(1, 17)), min_size=1, max_size=30))
def test_a_rule_cuts_where_the_library_cuts_whatever_the_scores(
    kind: str, runs: list[tuple[float, int]]
) -> None:
    scores = [score for score, length in runs for _ in range(length)]
    rule_class, detector_class = KINDS[kind]
    detector = detector_class()
    given_scores = iter(scores)
    detector._calculate_frame_score = lambda *_: next(given_scores)
    expected = find_by_library(detector, [NOTHING] * len(scores))
    rule: Rule = rule_class()
    found = [cut for cut in map(rule.push, scores) if cut is not None]
    assert found == [cut for cut in expected if cut]


@pytest.mark.parametrize("kind", KINDS)
def test_whole_detectors_find_the_same_cuts_in_pictures(kind: str) -> None:
    cuts = 0
    for seed in range(8):
        pictures = draw_pictures(seed)
        segmenter = PySceneSegmenter(kind)
        found = [
            cut_ms
            for number, picture in enumerate(pictures)
            for cut_ms in segmenter.push(40 * number, picture)
        ]
        expected = find_by_library(KINDS[kind][1](), pictures)
        assert [cut_ms // 40 for cut_ms in [*found, *segmenter.finish()]] == expected
        cuts += len(expected)
    assert cuts > 20


def test_a_score_is_the_librarys_to_the_last_bit() -> None:
    detector, score = ContentDetector(), FrameScore()
    rng = np.random.default_rng(1)
    for number in range(40):
        picture = rng.integers(0, 256 >> number % 6, (27, 49, 3), np.uint8)
        at = FrameTimecode(number, 25.0)
        assert score.push(picture) == detector._calculate_frame_score(at, picture)
