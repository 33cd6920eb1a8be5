"""What the detector's answer says: the best boxes of a picture, each found once.

A part of the network that is shipped: its outputs are the boxes themselves.
"""

from typing import TYPE_CHECKING

from bench.train.people.detector_design import (
    CLASSES,
    FACE,
    FIRST_THING,
    GROUPS,
    HEIGHT,
    PERSON,
    WIDTH,
)
from bench.train.people.targets import place_boxes

if TYPE_CHECKING:
    import torch

MOST_BOXES, MOST_FACES = 48, 24
MOST_OVERLAP = 0.6  # IoU of two boxes of one class that are two


def build_reader(network: "torch.nn.Module") -> "torch.nn.Module":
    """The network with its reading: pictures (n, 3, 192, 320), RGB, 0 to 255, to five arrays.

    boxes (n, 48, 4) fractions of the input, scores (n, 48), labels (n, 48): persons 0, then the
    kinds of things; face_boxes (n, 24, 4), face_scores (n, 24). Surest first; what is one with a
    surer box has score 0. Which way faces look is learned beside it, and not read.
    """
    import torch
    from torch import nn

    class Reader(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, pictures: "torch.Tensor") -> tuple["torch.Tensor", ...]:
            said = self.network(pictures).float()
            logits, sides, _ = said.split([len(CLASSES), 4 * GROUPS, 1], dim=1)
            size = torch.tensor([WIDTH, HEIGHT, WIDTH, HEIGHT], dtype=torch.float32)
            placed = place_boxes(sides.unflatten(1, (GROUPS, 4))).flatten(3)  # (n, groups, 4, c)
            sure = _keep_peaks(logits.sigmoid())
            others = torch.cat([sure[:, PERSON : PERSON + 1], sure[:, FIRST_THING:]], dim=1)
            scores, labels, boxes = _take(others, placed[:, [0, 2]], MOST_BOXES)
            sure_faces, _, faces = _take(
                sure[:, FACE : FACE + 1], placed[:, FACE : FACE + 1], MOST_FACES
            )
            return boxes / size, scores, labels, faces / size, sure_faces

    return Reader()


def _keep_peaks(sure: "torch.Tensor") -> "torch.Tensor":
    """Cells that are no less sure than their neighbours; the others become 0."""
    from torch.nn.functional import max_pool2d

    return sure * (max_pool2d(sure, 3, 1, 1) == sure).float()


def _take(sure: "torch.Tensor", placed: "torch.Tensor", most: int) -> tuple["torch.Tensor", ...]:
    """The surest: scores (n, most), labels (n, most), boxes in px (n, most, 4).

    `sure` is (n, classes, rows, columns); `placed` (n, 1 or 2, 4, cells), the boxes of the first
    class and those of the others.
    """
    import torch

    cells = sure.shape[2] * sure.shape[3]
    scores, place = sure.flatten(1).topk(most, dim=1)
    labels, cell = place // cells, place % cells
    group = labels.clamp(max=placed.shape[1] - 1)
    where = (group * cells + cell)[:, None].expand(-1, 4, -1)
    boxes = placed.transpose(1, 2).flatten(2).gather(2, where).transpose(1, 2)  # (n, most, 4)
    same = (labels[:, :, None] == labels[:, None]).float()
    surer = torch.triu(torch.ones(most, most), diagonal=1)  # a column's box comes after the row's
    again = (_overlap(boxes) > MOST_OVERLAP).float() * same * surer
    once = 1 - again.amax(dim=1)
    order = (scores * once).topk(most, dim=1).indices
    spread = order[:, :, None].expand(-1, -1, 4)
    return (scores * once).gather(1, order), labels.gather(1, order), boxes.gather(1, spread)


def _overlap(boxes: "torch.Tensor") -> "torch.Tensor":
    """IoU of all pairs: (n, k, 4) to (n, k, k)."""
    import torch

    low = torch.maximum(boxes[:, :, None, :2], boxes[:, None, :, :2])
    high = torch.minimum(boxes[:, :, None, 2:], boxes[:, None, :, 2:])
    extent = (high - low).clamp(min=0)
    both = extent[..., 0] * extent[..., 1]
    area = (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])
    return both / (area[:, :, None] + area[:, None] - both).clamp(min=1e-3)
