"""How the outputs of ONNX detectors are laid out: arrays of a model in, boxes of pictures out.

Which one a model has is seen from the names and shapes of its outputs; `onnx.py` lists them for
people. Pure arrays: knows nothing of files, runtimes or pixels.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzers.detectors.words import Use
from analyzers.tracking import overlap_boxes

Array = NDArray[np.float32]
Outputs = Mapping[str, NDArray[np.generic]]  # by the output's name, of one picture or more
Shapes = Mapping[str, tuple[int | None, ...]]  # None where a size is free

MOST_BOXES = 1000  # of one picture, the surest, before those that overlap are left out
USUAL = Use()
SQUARE = Use(letterbox=True)  # as detectors of the YOLO kind are trained


@dataclass(frozen=True, eq=False)
class Raw:
    """What a model says of one picture, as fractions of its input, before anything is left out."""

    boxes: Array  # (k, 4) x0, y0, x1, y1
    scores: Array  # (k,)
    classes: NDArray[np.int64]  # (k,)


@dataclass(frozen=True)
class Form:
    """What has to be known of a model besides its layout."""

    size_px: tuple[int, int]  # of the input, width and height
    classes: int
    in_px: bool = False  # whether finished boxes are in px of the input, not fractions

    @property
    def sizes_px(self) -> Array:
        """(4,) what boxes in px are divided by."""
        return np.array([*self.size_px, *self.size_px], np.float32)


@dataclass(frozen=True)
class Layout:
    """One way in which models answer."""

    name: str
    read: Callable[[Outputs, Form], list[Raw]]
    max_overlap: float | None = None  # IoU of two boxes of one class; None: it is the model's job
    use: Use = USUAL


def find_layout(shapes: Shapes, classes: int) -> Layout | None:
    """The layout of a model with these outputs and so many classes; None if it has none of them."""
    names = set(shapes)
    if {"boxes", "scores", "labels"} <= names:
        return FINISHED
    if {"logits", "pred_boxes"} <= names:
        return QUERIES if shapes["logits"][-1] in (None, classes) else None
    (shape,) = shapes.values() if len(shapes) == 1 else ((),)
    if len(shape) == 4 and shape[1] == classes + 5:
        return CELLS
    if len(shape) == 3 and classes + 4 in shape[1:]:
        return ROWS
    if len(shape) == 3 and classes + 5 in shape[1:]:
        return ROWS_WITH_OBJECTNESS
    return None


def suppress(raw: Raw, max_overlap: float) -> NDArray[np.int64]:
    """The places of the boxes that stay: of two that overlap and have one class, the surer.

    Args:
        raw: of one picture.
        max_overlap: IoU above which two boxes are one thing.
    """
    order = np.argsort(-raw.scores, kind="stable")[:MOST_BOXES]
    boxes, classes = raw.boxes[order], raw.classes[order]
    same = overlap_boxes(boxes, boxes) > max_overlap
    same &= classes[:, None] == classes[None, :]
    stays = np.ones(len(order), bool)
    for place in range(len(order)):
        if stays[place]:
            stays[place + 1 :] &= ~same[place, place + 1 :]
    return order[stays]


def _read_finished(outputs: Outputs, form: Form) -> list[Raw]:
    """Boxes (n, k, 4), scores (n, k), labels (n, k); without n where it takes one picture only."""
    boxes = np.asarray(outputs["boxes"], np.float32)
    boxes = boxes.reshape(-1, *boxes.shape[-2:]) / (form.sizes_px if form.in_px else 1)
    scores = np.asarray(outputs["scores"], np.float32).reshape(len(boxes), -1)
    labels = np.asarray(outputs["labels"]).astype(np.int64).reshape(len(boxes), -1)
    return [Raw(*one) for one in zip(boxes, scores, labels, strict=True)]


def _read_queries(outputs: Outputs, form: Form) -> list[Raw]:
    """Logits (n, k, classes), one of which is the class, and middles and sizes (n, k, 4)."""
    likely = _sigmoid(np.asarray(outputs["logits"], np.float32))
    boxes = _find_corners(np.asarray(outputs["pred_boxes"], np.float32))
    return [_best_class(one, scores) for one, scores in zip(boxes, likely, strict=True)]


def _read_rows(outputs: Outputs, form: Form) -> list[Raw]:
    """(n, k, 4 + classes), or its transpose: middles and sizes in px, scores of the classes."""
    rows = _stand_rows(outputs, form.classes + 4)
    boxes = _find_corners(rows[..., :4] / form.sizes_px)
    return [_best_class(one, scores) for one, scores in zip(boxes, rows[..., 4:], strict=True)]


def _read_rows_with_objectness(outputs: Outputs, form: Form) -> list[Raw]:
    """(n, k, 5 + classes): as above, with the score that anything is there before the classes."""
    rows = _stand_rows(outputs, form.classes + 5)
    boxes = _find_corners(rows[..., :4] / form.sizes_px)
    scores = rows[..., 4:5] * rows[..., 5:]
    return [_best_class(one, each) for one, each in zip(boxes, scores, strict=True)]


def _read_cells(outputs: Outputs, form: Form) -> list[Raw]:
    """(n, 5 + classes, rows, columns) of FastestDet: one box for each cell of a grid.

    Score that anything is there, way of the middle (tanh, in cells), size (sigmoid, of the
    picture), scores of the classes.
    """
    (grid,) = (np.asarray(one, np.float32) for one in outputs.values())
    rows, columns = grid.shape[2:]
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    middle_x = (np.tanh(grid[:, 1]) + x) / columns
    middle_y = (np.tanh(grid[:, 2]) + y) / rows
    sizes = _sigmoid(grid[:, 3:5])
    boxes = np.stack([middle_x, middle_y, sizes[:, 0], sizes[:, 1]], axis=-1)
    corners = _find_corners(boxes.reshape(len(grid), -1, 4))
    scores = (grid[:, :1] * grid[:, 5:]).reshape(len(grid), grid.shape[1] - 5, -1)
    return [
        _best_class(one, each) for one, each in zip(corners, scores.transpose(0, 2, 1), strict=True)
    ]


def _stand_rows(outputs: Outputs, width: int) -> Array:
    """(n, k, width), however they lie."""
    (rows,) = (np.asarray(one, np.float32) for one in outputs.values())
    return rows if rows.shape[2] == width else rows.transpose(0, 2, 1)


def _find_corners(boxes: Array) -> Array:
    """Middles and sizes (..., 4) to x0, y0, x1, y1."""
    middle, half = boxes[..., :2], boxes[..., 2:] / 2
    return np.concatenate([middle - half, middle + half], axis=-1)


def _best_class(boxes: Array, scores: Array) -> Raw:
    """Of scores (k, classes)."""
    classes = scores.argmax(axis=1)
    return Raw(boxes, np.take_along_axis(scores, classes[:, None], axis=1)[:, 0], classes)


def _sigmoid(values: Array) -> Array:
    halved: Array = 0.5 * (1 + np.tanh(0.5 * values))
    return halved


FINISHED = Layout("boxes, scores, labels", _read_finished)
QUERIES = Layout("logits, pred_boxes", _read_queries)
ROWS = Layout("rows", _read_rows, 0.5, SQUARE)
ROWS_WITH_OBJECTNESS = Layout("rows with objectness", _read_rows_with_objectness, 0.5, SQUARE)
CELLS = Layout("FastestDet", _read_cells, 0.45, Use(score=0.5, bgr=True))
