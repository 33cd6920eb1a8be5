"""What is seen of boxes: their places in the frame, and what nearer ones leave of them.

From staging alone, never from pixels. T moments, N boxes; a box is (x0, y0, x1, y1). Knows nothing
of what the boxes hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench.world.plan import HEIGHT, WIDTH, Window
from bench.world.staging import corner_of
from bench.world.truth import BOX_STEP_MS, Track

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

GRID = 8  # points a side in which a box is looked at
DIGITS = 4


@dataclass(frozen=True)
class Frame:
    """Which part of the frame a picture fills, and which part of the picture is seen there."""

    left: float = 0.0  # of the frame's width
    right: float = 1.0
    shift: float = 0.0  # what is taken off a place in the picture


WHOLE = Frame()
HALVES = (Frame(0.0, 0.5, 0.25), Frame(0.5, 1.0, -0.25))


@dataclass(frozen=True, eq=False)
class Seen:
    """What is seen of N boxes at T moments."""

    times_ms: tuple[int, ...]
    whole: Floats  # (T, N, 4) as fractions of the frame, may lie outside of it; nan: not there
    cut: Floats  # (T, N, 4) what of it lies in the frame
    visible: Floats  # (T, N)

    def high_px(self, number: int) -> Floats:
        """How high one box is in the frame: (T,)."""
        height: Floats = (self.cut[:, number, 3] - self.cut[:, number, 1]) * HEIGHT
        return height

    def wide_px(self, number: int) -> Floats:
        """How wide one box is in the frame: (T,)."""
        width: Floats = (self.cut[:, number, 2] - self.cut[:, number, 0]) * WIDTH
        return width

    def area(self, number: int) -> Floats:
        """Share of the frame that shows one box: (T,)."""
        area: Floats = np.nan_to_num(self.visible[:, number] * self._size(self.whole[:, number]))
        return area

    def track(self, number: int, is_seen: Flags) -> Track:
        """One box at the moments of which `is_seen` (T,) is true."""
        moments = np.flatnonzero(is_seen)
        boxes = self.cut[moments, number].round(DIGITS).tolist()
        return Track(
            tuple(self.times_ms[moment] for moment in moments),
            tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in boxes),
            tuple(self.visible[moments, number].round(DIGITS).tolist()),
        )

    @staticmethod
    def _size(boxes: Floats) -> Floats:
        size: Floats = (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])
        return size


@dataclass(frozen=True, eq=False)
class Scene:
    """N boxes on the stage at T moments, with the views that the camera has."""

    times_ms: tuple[int, ...]
    views: tuple[Window, ...]
    boxes: Floats  # (T, N, 4) metres; nan: not there
    solid: Floats  # (T, M, 4) what hides what lies behind it, metres
    rank: NDArray[np.int64]  # (T, N) what has a higher one is nearer
    solid_rank: NDArray[np.int64]  # (T, M)


def look(scene: Scene, frame: Frame) -> Seen:
    """What is seen of everything in a scene through the camera."""
    whole = _project(scene.boxes, scene.views, frame)
    cut = _cut(whole, frame)
    solid = _cut(_project(scene.solid, scene.views, frame), frame)
    size, left = _measure(whole), _measure(cut)
    in_frame = np.divide(left, size, out=np.zeros_like(left), where=size > 0)
    is_nearer = scene.solid_rank[:, None, :] > scene.rank[:, :, None]  # (T, N, M)
    visible = in_frame * (1.0 - _find_hidden(cut, solid, is_nearer))
    return Seen(scene.times_ms, whole, cut, np.nan_to_num(visible))


def longest_run(flags: Sequence[bool] | Flags) -> int:
    """How long the longest run of true ones lasts, in ms."""
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest * BOX_STEP_MS


def _project(boxes: Floats, views: Sequence[Window], frame: Frame) -> Floats:
    """Boxes of the stage (T, N, 4) as fractions of the frame."""
    corners = np.array([corner_of(view) for view in views])  # (T, 2)
    heights = np.array([view.height for view in views])  # (T,)
    sizes = np.stack([heights * WIDTH / HEIGHT, heights], axis=1)  # (T, 2)
    placed = (boxes - np.tile(corners, 2)[:, None]) / np.tile(sizes, 2)[:, None]
    shifted: Floats = placed - np.array([frame.shift, 0.0, frame.shift, 0.0])
    return shifted


def _cut(boxes: Floats, frame: Frame) -> Floats:
    low = np.array([frame.left, 0.0, frame.left, 0.0])
    high = np.array([frame.right, 1.0, frame.right, 1.0])
    cut: Floats = np.clip(boxes, low, high)
    return cut


def _measure(boxes: Floats) -> Floats:
    area: Floats = np.nan_to_num(
        np.maximum(0.0, boxes[..., 2] - boxes[..., 0])
        * np.maximum(0.0, boxes[..., 3] - boxes[..., 1])
    )
    return area


def _find_hidden(boxes: Floats, solid: Floats, is_nearer: Flags) -> Floats:
    """Which share of each box (T, N) lies behind one that is nearer."""
    across = _find_inside(boxes[..., 0::2], solid[..., 0::2])  # (T, N, M, GRID)
    down = _find_inside(boxes[..., 1::2], solid[..., 1::2]) & is_nearer[..., None]
    # (T, N, GRID, M) @ (T, N, M, GRID): behind how many each point of the grid lies
    over: NDArray[Any] = np.swapaxes(down, 2, 3).astype(np.float32) @ across.astype(np.float32)
    hidden: Floats = (over > 0).mean(axis=(2, 3))
    return hidden


def _find_inside(spans: Floats, others: Floats) -> Flags:
    """Which points of each span (T, N, 2) lie in each other (T, M, 2): (T, N, M, GRID)."""
    steps = (np.arange(GRID) + 0.5) / GRID
    points = spans[..., :1] + (spans[..., 1:] - spans[..., :1]) * steps  # (T, N, GRID)
    points = points[:, :, None, :]
    low, high = others[:, None, :, :1], others[:, None, :, 1:]
    inside: Flags = (points >= low) & (points < high)
    return inside
