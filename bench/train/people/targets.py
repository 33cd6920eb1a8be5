"""What the detector's cells should say of a picture, and how wrong they are.

Middles are Gaussian hills as wide as their box, and every cell on a hill learns the box, as in Liu
et al., "Training-Time-Friendly Network for Real-Time Object Detection", 2020. Knows boxes and
classes by number, nothing of films.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bench.train.people.detector_design import (
    CLASSES,
    COLUMNS,
    FACE,
    GROUPS,
    ROWS,
    STRIDE,
    group_of,
)

if TYPE_CHECKING:
    import torch

HILL = 0.54  # of a box's sides: how far its hill reaches
SIDES_WEIGHT, TURN_WEIGHT = 5.0, 0.2
SMALLEST_PX = 4.0  # the longer side; smaller ones are neither right nor wrong
MOST_LOG = 4.5  # of a distance in cells


@dataclass(frozen=True)
class Boxes:
    """The true boxes of one picture as the network sees it."""

    box_px: NDArray[np.float32]  # (n, 4)
    number: NDArray[np.int64]  # (n,) places in CLASSES
    turn: NDArray[np.float32]  # (n,) of faces: -1 to the left, 0 to the front, 1 to the right


@dataclass(frozen=True)
class Targets:
    """What the cells of n pictures should say."""

    heat: NDArray[np.float32]  # (n, classes, rows, columns), 1 in the middles; -1: not looked at
    box_px: NDArray[np.float32]  # (n, groups, 4, rows, columns)
    weight: NDArray[np.float32]  # (n, groups, rows, columns) of the box there
    turn: NDArray[np.float32]  # (n, rows, columns)


def make_targets(pictures: list[Boxes]) -> Targets:
    """Large boxes first, so that small ones before them are not lost."""
    count = len(pictures)
    heat = np.zeros((count, len(CLASSES), ROWS, COLUMNS), np.float32)
    box_px = np.zeros((count, GROUPS, 4, ROWS, COLUMNS), np.float32)
    weight = np.zeros((count, GROUPS, ROWS, COLUMNS), np.float32)
    turn = np.zeros((count, ROWS, COLUMNS), np.float32)
    for at, boxes in enumerate(pictures):
        extent = boxes.box_px[:, 2:] - boxes.box_px[:, :2]
        for row in np.argsort(-extent.prod(axis=1), kind="stable"):
            number, group = int(boxes.number[row]), group_of(int(boxes.number[row]))
            hill = _raise_hill(boxes.box_px[row])
            layer = heat[at, number]
            if extent[row].max() < SMALLEST_PX:
                layer[hill == 1] = -1
                continue
            np.maximum(layer, hill, out=layer)
            on = hill > 0
            box_px[at, group][:, on] = boxes.box_px[row][:, None]
            # A box counts the same however many cells it has, but for a little.
            weight[at, group][on] = hill[on] / hill[on].sum() * np.log1p(extent[row].prod())
            if number == FACE:
                turn[at][on] = boxes.turn[row]
    return Targets(heat, box_px, weight, turn)


def _raise_hill(box_px: NDArray[np.float32]) -> NDArray[np.float32]:
    """(rows, columns): 1 in the cell of the box's middle, falling to 0 outside the hill."""
    middle = (box_px[:2] + box_px[2:]) / 2 / STRIDE
    radius = np.maximum((box_px[2:] - box_px[:2]) / 2 * HILL / STRIDE, 0.0)
    column, row = np.minimum(middle, (COLUMNS - 1e-3, ROWS - 1e-3)).astype(np.int64)
    across = _slope(COLUMNS, int(column), float(radius[0]))
    down = _slope(ROWS, int(row), float(radius[1]))
    hill: NDArray[np.float32] = down[:, None] * across
    return hill


def _slope(length: int, middle: int, radius: float) -> NDArray[np.float32]:
    away = np.abs(np.arange(length, dtype=np.float32) - middle)
    sigma = (2 * radius + 1) / 6
    slope = np.exp(-(away**2) / (2 * sigma**2))
    return np.where(away <= np.round(radius), slope, 0).astype(np.float32)


def measure_loss(said: "torch.Tensor", targets: Targets) -> "torch.Tensor":
    """Focal loss of the middles, generalised IoU of the boxes, and the way that faces look."""
    import torch

    said = said.float()
    heat, weight = torch.from_numpy(targets.heat), torch.from_numpy(targets.weight)
    logits, sides, turn = torch.split(said, [len(CLASSES), 4 * GROUPS, 1], dim=1)
    boxes = place_boxes(sides.reshape(-1, GROUPS, 4, *sides.shape[2:]))
    lost = 1 - _compare(boxes, torch.from_numpy(targets.box_px))  # (n, groups, rows, columns)
    wrong = (turn[:, 0].tanh() - torch.from_numpy(targets.turn)).abs()
    total = weight.sum().clamp(min=1)
    found = _find_middles(logits, heat)
    boxed = (lost * weight).sum() / total
    turned = (wrong * weight[:, FACE]).sum() / weight[:, FACE].sum().clamp(min=1)
    loss: torch.Tensor = found + SIDES_WEIGHT * boxed + TURN_WEIGHT * turned
    return loss


def place_boxes(logs: "torch.Tensor") -> "torch.Tensor":
    """Corners in px from logs of distances (n, groups, 4, rows, columns) in cells."""
    import torch

    rows, columns = logs.shape[-2:]
    distance = logs.clamp(-MOST_LOG, MOST_LOG).exp()
    x = torch.arange(columns, dtype=torch.float32) + 0.5
    y = (torch.arange(rows, dtype=torch.float32) + 0.5)[:, None]
    left, top, right, bottom = distance.unbind(dim=2)
    return STRIDE * torch.stack([x - left, y - top, x + right, y + bottom], dim=2)


def _find_middles(logits: "torch.Tensor", heat: "torch.Tensor") -> "torch.Tensor":
    """The focal loss of Zhou et al. 2019, equation 1, with alpha 2 and beta 4."""
    import torch
    from torch.nn.functional import logsigmoid

    sure = logits.sigmoid()
    is_middle = heat == 1
    there = -((1 - sure) ** 2) * logsigmoid(logits)
    away = -((1 - heat.clamp(min=0)) ** 4) * sure**2 * logsigmoid(-logits)
    loss = torch.where(is_middle, there, away).masked_fill(heat < 0, 0.0)
    return loss.sum() / is_middle.sum().clamp(min=1)


def _compare(boxes: "torch.Tensor", others: "torch.Tensor") -> "torch.Tensor":
    """Generalised IoU (Rezatofighi et al. 2019) of boxes (n, groups, 4, rows, columns)."""
    import torch

    ax0, ay0, ax1, ay1 = boxes.unbind(dim=2)
    bx0, by0, bx1, by1 = others.unbind(dim=2)
    wide = (torch.minimum(ax1, bx1) - torch.maximum(ax0, bx0)).clamp(min=0)
    high = (torch.minimum(ay1, by1) - torch.maximum(ay0, by0)).clamp(min=0)
    both = wide * high
    either = (ax1 - ax0) * (ay1 - ay0) + (bx1 - bx0) * (by1 - by0) - both
    around = (torch.maximum(ax1, bx1) - torch.minimum(ax0, bx0)) * (
        torch.maximum(ay1, by1) - torch.minimum(ay0, by0)
    )
    return both / either.clamp(min=1e-3) - (around - either) / around.clamp(min=1e-3)
