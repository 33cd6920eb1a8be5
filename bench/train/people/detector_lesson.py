"""What the detector is taught and judged by. Knows nothing of how a training goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bench.train.people.detector_design import (
    CLASSES,
    FACE,
    FIRST_THING,
    HEIGHT,
    PERSON,
    WIDTH,
    build_detector,
)
from bench.train.people.fitting import change, fit, list_boxes
from bench.train.people.judging import Judged, measure_curve
from bench.train.people.reading import build_reader
from bench.train.people.samples import DrawnPicture, PeopleSamples
from bench.train.people.targets import Boxes, Targets, make_targets, measure_loss

if TYPE_CHECKING:
    import torch

BATCH, AT_ONCE = 32, 32
CLEAR_VISIBLE, CLEAR_PX = 0.5, 24.0  # a person of whom half is seen, so high
FACE_PX, THING_PX = 16.0, 12.0  # a face so wide, a thing so long


@dataclass(frozen=True)
class DetectorBatch:
    """Pictures (n, 192, 320, 3) and what should be said of them."""

    pictures: NDArray[np.uint8]
    targets: Targets


class DetectorLesson:
    """Persons, faces and things of drawn pictures."""

    def __init__(
        self, samples: PeopleSamples, unseen: PeopleSamples, *, batch: int = BATCH,
        most_judged: int = 400, pretrained: bool = True,
    ) -> None:  # fmt: skip
        """Learn from `samples`; judge by pictures spread evenly over `unseen`."""
        self._samples, self._unseen = samples, unseen
        self._batch, self._pretrained = batch, pretrained
        self._judged = np.unique(
            np.linspace(0, len(unseen) - 1, min(most_judged, len(unseen))).astype(np.int64)
        )

    def build(self) -> Any:
        """The network with its first weights."""
        import torch

        return build_detector(pretrained=self._pretrained).to(memory_format=torch.channels_last)

    def make_batch(self, seed: int, number: int) -> DetectorBatch:
        """Chance pictures, changed by chance."""
        random = np.random.default_rng([seed, number])
        pictures, boxes = [], []
        for row in random.integers(0, len(self._samples), self._batch).tolist():
            truth = list_boxes(self._samples.truths[row])
            picture, moved = change(self._samples.read_picture(row), truth, random)
            pictures.append(picture)
            boxes.append(moved)
        return DetectorBatch(np.stack(pictures), make_targets(boxes))

    def measure_loss(self, model: Any, batch: DetectorBatch) -> "torch.Tensor":
        """How wrong the network is."""
        return measure_loss(model(as_input(batch.pictures)), batch.targets)

    def judge(self, model: Any) -> Mapping[str, float]:
        """AP50 and recall at a precision of 0.9 for persons and faces, mean AP50 of things."""
        return judge_detector(build_reader(model).eval(), self._unseen, self._judged.tolist())


def as_input(pictures: NDArray[np.uint8]) -> "torch.Tensor":
    """(n, h, w, 3) to (n, 3, h, w) float32, channels last in memory."""
    import torch

    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float()


def judge_detector(reader: Any, samples: PeopleSamples, rows: Sequence[int]) -> Mapping[str, float]:
    """What a reader finds in these pictures: all that is true, and what is clear to see of it."""
    import torch

    found: list[list[NDArray[np.float32]]] = []
    truths = []
    for start in range(0, len(rows), AT_ONCE):
        chosen = rows[start : start + AT_ONCE]
        fitted = [fit(samples.read_picture(row), list_boxes(samples.truths[row])) for row in chosen]
        with torch.inference_mode():
            said = reader(as_input(np.stack([picture for picture, _ in fitted])))
        found += [list(each) for each in zip(*(part.numpy() for part in said), strict=True)]
        truths += [boxes for _, boxes in fitted]
    pictures = [samples.truths[row] for row in rows]
    return _sum_up(found, truths, pictures)


def _sum_up(
    found: list[list[NDArray[np.float32]]], truths: list[Boxes], pictures: list[DrawnPicture]
) -> Mapping[str, float]:
    figures: dict[str, float] = {}
    for number, name in ((PERSON, "person"), (FACE, "face")):
        for part, is_clear in (("all", False), ("clear", True)):
            each = zip(found, truths, pictures, strict=True)
            curve = measure_curve([_select(*one, number, is_clear=is_clear) for one in each])
            figures[f"{name} {part} true"] = curve.true
            figures[f"{name} {part} AP50"] = curve.ap50
            figures[f"{name} {part} recall at precision .9"] = curve.recall
            figures[f"{name} {part} score there"] = round(curve.score, 4)
    kinds = range(FIRST_THING, len(CLASSES))
    curves = [
        measure_curve(
            [
                _select(*one, number, is_clear=True)
                for one in zip(found, truths, pictures, strict=True)
            ]
        )
        for number in kinds
    ]
    seen = [curve for curve in curves if curve.true >= 5]
    figures["kinds of things"] = len(seen)
    figures["things mean AP50"] = round(float(np.mean([c.ap50 for c in seen] or [0.0])), 4)
    return figures


def _select(
    found: list[NDArray[np.float32]], truth: Boxes, picture: DrawnPicture, number: int,
    *, is_clear: bool,
) -> Judged:  # fmt: skip
    """One class of a picture; `is_clear`: what is small or mostly hidden need not be found."""
    boxes, scores, labels, face_boxes, face_scores = found
    if number == FACE:
        found_boxes, sure = face_boxes, face_scores
    else:
        mine = labels == (0 if number == PERSON else number - 1)
        found_boxes, sure = boxes[mine], scores[mine]
    rows = truth.number == number
    true = truth.box_px[rows]
    counts = np.ones(len(true), bool)
    if is_clear:
        wide, high = (true[:, 2:] - true[:, :2]).T
        if number == FACE:
            counts = wide >= FACE_PX
        elif number == PERSON:
            visible = np.array([one.visible for one in picture.persons])
            counts = (high >= CLEAR_PX) & (visible >= CLEAR_VISIBLE)
        else:
            counts = np.maximum(wide, high) >= THING_PX
    there = sure > 0.02
    size = np.array([WIDTH, HEIGHT, WIDTH, HEIGHT], np.float32)
    return Judged(found_boxes[there] * size, sure[there], true, counts)
