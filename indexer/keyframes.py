"""Keyframes: which pictures stand for a shot, and how they are coded.

Knows nothing of decoding and of files; `indexer/candidates.py` brings the pictures.

The rule. A shot is a sequence of stretches that lasting changes of its picture divide
(`indexer/changes.py`); mostly it has none and is one stretch. A border lies in the middle of a
change. A stretch without a candidate that is neither black nor inside a change is none: borders on
both sides of such become one in the middle between them, and those before the first stretch and
after the last one go.

A stretch of length L is divided into n = max(1, ceil(L / 5 s)) equal parts. In each part one
candidate is taken: the sharpest, its sharpness weighted down linearly from 1 at the part's middle
to 1/2 at its ends; one inside a change only where the part has nothing else but black ones, and a
black one only where it has nothing else at all. Neighbouring keyframes of a shot are at most 5 s
apart: of all such choices the one with the highest sum of scores is taken, even if a keyframe lies
inside a change then. Where there is none, the parts are at most 4.5 s long, or 4 s (there is a
candidate in each half second, so there is one then, unless the video has no frames there).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.changes import BLACK_LEVEL, Change

LARGE_PX, LARGE_QUALITY = 1280, 90  # longer side, JPEG quality
SMALL_PX, SMALL_QUALITY = 320, 80
FARTHEST_MS = 5000  # between neighbouring keyframes of a shot
SHORTER_MS = (4500, 4000)
# Scores are in [0, 1]; a black keyframe is worse than any gap, a gap worse than a mixed picture.
BLACK_COST, GAP_COST, MIXED_COST = 1e8, 1e4, 1e2


@dataclass(frozen=True, eq=False)
class KeyframeMaterial:
    """A keyframe with its two pictures, coded as JPEG."""

    time_ms: int
    start_ms: int  # the span [start_ms, end_ms) holds time_ms; those of a shot partition it
    end_ms: int
    sharpness: float  # variance of the Laplacian of the small sample's luma
    large: bytes | NDArray[np.uint8]  # longer side at most 1280 px
    small: bytes | NDArray[np.uint8]  # longer side at most 320 px

    @property
    def large_jpeg(self) -> bytes:
        """The large picture's file; read from disk where the shot was too long for memory."""
        return bytes(self.large)

    @property
    def small_jpeg(self) -> bytes:
        """The small picture's file."""
        return bytes(self.small)

    def pixels(self) -> NDArray[np.uint8]:
        """The large picture as RGB (h, w, 3): what analyzers are shown."""
        return decode_jpeg(self.large)


class Candidate(Protocol):
    """A picture that may become a keyframe."""

    @property
    def time_ms(self) -> int:
        """Its time."""

    @property
    def sharpness(self) -> float:
        """From `measure`."""

    @property
    def is_black(self) -> bool:
        """From `measure`."""


@dataclass(frozen=True)
class Choice:
    """The candidate of this index stands for this span."""

    index: int
    start_ms: int
    end_ms: int


def measure(sample: NDArray[np.uint8]) -> tuple[float, bool]:
    """The sharpness of a small BGR picture (h, w, 3), and whether it is black.

    Sharpness is the variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in
    brightfield microscopy", 2000) of the luma.
    """
    luma = cv2.cvtColor(sample, cv2.COLOR_BGR2GRAY)
    mean, spread = cv2.meanStdDev(luma)
    _, edges = cv2.meanStdDev(cv2.Laplacian(luma, cv2.CV_16S))
    return float(edges[0, 0]) ** 2, float(mean[0, 0] + 2 * spread[0, 0]) < BLACK_LEVEL


def choose_keyframes(
    candidates: Sequence[Candidate], start_ms: int, end_ms: int, changes: Sequence[Change] = ()
) -> list[Choice]:
    """Choose a shot's keyframes by the rule above; their spans partition the shot.

    Args:
        candidates: ascending in time, at least one, all in the shot.
        start_ms: where the shot begins.
        end_ms: where it ends, exclusive.
        changes: of its picture, in order, apart from each other, all in the shot.
    """
    times = np.array([each.time_ms for each in candidates])  # (m,)
    black = np.array([each.is_black for each in candidates])  # (m,)
    sharpness = np.array([each.sharpness for each in candidates])  # (m,)
    mixed = _find_mixed(times, changes)
    edges = np.array([start_ms, *(each.middle_ms for each in changes), end_ms])
    stretches = _join_empty(edges, times[~black & ~mixed])
    found: list[Choice] = []
    for longest_ms in (FARTHEST_MS, *SHORTER_MS):
        edges = _divide(stretches, longest_ms)
        parts = np.searchsorted(edges, times, side="right") - 1  # (m,)
        score = _score(times, sharpness, edges, parts) - BLACK_COST * black - MIXED_COST * mixed
        chosen = _best_path(times, score, parts)
        found = found or _spans(chosen, edges, parts)
        if np.all(np.diff(times[chosen]) <= FARTHEST_MS):
            return _spans(chosen, edges, parts)
    return found


def _find_mixed(times: NDArray[np.int64], changes: Sequence[Change]) -> NDArray[np.bool_]:
    """Which times (m,) lie inside a change."""
    mixed = np.zeros(len(times), bool)
    for change in changes:
        mixed |= (change.start_ms < times) & (times < change.end_ms)
    return mixed


def _join_empty(edges: NDArray[np.int64], shown: NDArray[np.int64]) -> NDArray[np.int64]:
    """The edges of the stretches that hold one of these times; half of an empty one to each."""
    holding = np.flatnonzero(np.diff(np.searchsorted(shown, edges)))
    borders = [(edges[before + 1] + edges[after]) // 2 for before, after in pairwise(holding)]
    return np.array([edges[0], *borders, edges[-1]])


def _divide(stretches: NDArray[np.int64], longest_ms: int) -> NDArray[np.int64]:
    """The edges (n + 1,) of equal parts of each stretch."""
    edges = [stretches[:1]]
    for start_ms, end_ms in pairwise(stretches.tolist()):
        count = max(1, math.ceil((end_ms - start_ms) / longest_ms))
        edges.append(start_ms + (end_ms - start_ms) * np.arange(1, count + 1) // count)
    return np.concatenate(edges)


def _score(
    times: NDArray[np.int64],
    sharpness: NDArray[np.float64],
    edges: NDArray[np.int64],
    parts: NDArray[np.int64],
) -> NDArray[np.float64]:
    """The score (m,) of each candidate in its part, in [0, 1]."""
    begin, length = edges[parts], np.diff(edges)[parts]
    score: NDArray[np.float64] = (sharpness + 1e-3) * (1 - np.abs((times - begin) / length - 0.5))
    best = np.zeros(len(edges))
    np.maximum.at(best, parts, score)
    return score / best[parts]


def _best_path(
    times: NDArray[np.int64], score: NDArray[np.float64], parts: NDArray[np.int64]
) -> list[int]:
    """One candidate of each part that has any: the highest sum of scores less the cost of gaps."""
    groups = np.split(np.arange(len(times)), np.flatnonzero(np.diff(parts)) + 1)
    best, came_from = score[groups[0]], []
    for before, group in pairwise(groups):
        too_far = times[group][:, None] - times[before][None, :] > FARTHEST_MS
        total = best[None, :] - GAP_COST * too_far  # (candidates here, candidates before)
        came_from.append(total.argmax(axis=1))
        best = score[group] + total.max(axis=1)
    at = int(best.argmax())
    path = [int(groups[-1][at])]
    for group, origin in zip(groups[-2::-1], came_from[::-1], strict=True):
        at = int(origin[at])
        path.append(int(group[at]))
    return path[::-1]


def _spans(
    chosen: Sequence[int], edges: NDArray[np.int64], parts: NDArray[np.int64]
) -> list[Choice]:
    """Each stands for its part and for the parts after it that have no candidate."""
    starts = [int(edges[0]), *(int(edges[parts[index]]) for index in chosen[1:]), int(edges[-1])]
    return [Choice(index, *span) for index, span in zip(chosen, pairwise(starts), strict=True)]


def encode_large(pixels: NDArray[np.uint8]) -> bytes:
    """The large picture of an RGB frame (h, w, 3) that is not larger than `LARGE_PX`."""
    return encode_jpeg(pixels, LARGE_QUALITY)


def encode_small(large: bytes | NDArray[np.uint8]) -> bytes:
    """The small picture, made from the large one."""
    pixels = decode_jpeg(large)
    height, width = pixels.shape[:2]
    scale = min(1.0, SMALL_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return encode_jpeg(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), SMALL_QUALITY)


def encode_jpeg(pixels: NDArray[np.uint8], quality: int) -> bytes:
    """An RGB picture (h, w, 3) as JPEG."""
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done, "JPEG takes every picture of up to 65535 px"
    return bytes(data)


def decode_jpeg(data: bytes | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The RGB pixels (h, w, 3) of a JPEG."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert pixels is not None, "it is a JPEG"
    return np.asarray(pixels, np.uint8)
