"""What the action head is taught and judged by: what a person does, from one crop of it.

Each action is told by itself: in films of others a person may do two things at once. One picture
shows a pose, no motion. Knows nothing of how a training goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.train.people.action_figures import ActionFigures, measure_actions
from bench.train.people.face_lesson import as_crops
from bench.train.people.samples import PeopleSamples, Picture
from bench.world.truth import Box
from bench.world.words import ACTIONS

if TYPE_CHECKING:
    import torch

CROP_PX = 112
AROUND = 1.25  # how large the crop is, times the longer side of a person
DIM, BATCH = 96, 96
LEAST_PX, LEAST_VISIBLE = 24.0, 0.4  # height; others are not learned
MOST_JUDGED, AT_ONCE = 1500, 128
GREY = 114
LIGHT = 0.15
SHAKE = 0.08  # of the sides of a box: those that a detector finds are less exact than true ones

Doing: TypeAlias = tuple[int, Box, NDArray[np.float32]]  # row, box, what is done (actions,)


@dataclass(frozen=True)
class ActionBatch:
    """Crops (n, 112, 112, 3) and what is done in each (n, actions), 0 or 1."""

    crops: NDArray[np.uint8]
    done: NDArray[np.float32]


class ActionLesson:
    """People of drawn pictures."""

    def __init__(self, samples: PeopleSamples, unseen: PeopleSamples) -> None:
        """Learn from `samples`; judge by people spread evenly over `unseen`."""
        self._samples, self._unseen = samples, unseen
        self._by_action: dict[int, list[Doing]] = {}
        for one in _list_people(samples):
            for action in np.flatnonzero(one[2]).tolist():
                self._by_action.setdefault(action, []).append(one)
        self._step = max(1, len(_list_people(unseen)) // MOST_JUDGED)

    def build(self) -> Any:
        """The network with chance weights."""
        from bench.train.people.crop_design import build_crop_network

        return build_crop_network(DIM, [len(ACTIONS)])

    def make_batch(self, seed: int, number: int) -> ActionBatch:
        """Chance people, changed by chance; rare actions come as often as others."""
        random = np.random.default_rng([seed, number])
        by_action = self._by_action
        actions = random.choice(list(by_action), BATCH).tolist()
        chosen = [by_action[each][random.integers(len(by_action[each]))] for each in actions]
        crops = [
            _change(cut_person(self._samples.read_picture(row), _shake(box, random)), random)
            for row, box, _ in chosen
        ]
        return ActionBatch(np.stack(crops), np.stack([done for _, _, done in chosen]))

    def measure_loss(self, model: Any, batch: ActionBatch) -> "torch.Tensor":
        """How wrong the network is."""
        import torch
        from torch.nn.functional import binary_cross_entropy_with_logits as entropy

        _, (logits,) = model.tell(as_crops(batch.crops))
        return entropy(logits.float(), torch.from_numpy(batch.done)) * len(ACTIONS)

    def judge(self, model: Any) -> Mapping[str, float]:
        """The mean average precision of actions, and how often the surest is done."""
        figures = judge_actions(model, self._unseen, step=self._step)
        return {
            "people": figures.people,
            "actions": len(figures.each),
            "actions mAP": round(figures.mean_ap, 4),
            "mAP by chance": round(figures.by_chance, 4),
            "surest right": round(figures.surest_right, 4),
        }


def judge_actions(
    model: Any, samples: PeopleSamples, *, step: int = 1, score: float | None = None
) -> ActionFigures:
    """What a network tells of every `step`th person; `score` as in `measure_actions`."""
    import torch

    people = _list_people(samples)[::step]
    sure = []
    with torch.inference_mode():
        for start in range(0, len(people), AT_ONCE):
            some = people[start : start + AT_ONCE]
            crops = [cut_person(samples.read_picture(row), box) for row, box, _ in some]
            _, (logits,) = model.tell(as_crops(np.stack(crops)))
            sure.append(logits.sigmoid().numpy())
    done = np.stack([each for _, _, each in people]) > 0
    return measure_actions(np.concatenate(sure), done, score)


def cut_person(picture: Picture, box: Box) -> Picture:
    """(112, 112, 3): the square around a person's box; grey where the picture ends."""
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = np.array(box) * (width, height, width, height)
    side = max(AROUND * max(x1 - x0, y1 - y0), 1.0)
    scale = CROP_PX / side
    x, y = (x0 + x1 - side) / 2, (y0 + y1 - side) / 2
    place = np.array([[scale, 0, -x * scale], [0, scale, -y * scale]])
    crop: Picture = cv2.warpAffine(
        picture, place, (CROP_PX, CROP_PX), flags=cv2.INTER_LINEAR, borderValue=(GREY,) * 3
    )
    return crop


def _list_people(samples: PeopleSamples) -> list[Doing]:
    """Row, box and what is done, of people who can be seen well enough and do something."""
    found = []
    for row, truth in enumerate(samples.truths):
        for person in truth.persons:
            high_px = (person.box[3] - person.box[1]) * 180
            if not person.actions or high_px < LEAST_PX or person.visible < LEAST_VISIBLE:
                continue
            done = np.array([name in person.actions for name in ACTIONS], np.float32)
            found.append((row, person.box, done))
    return found


def _shake(box: Box, random: np.random.Generator) -> Box:
    x0, y0, x1, y1 = box
    moved = np.array(box) + np.tile((x1 - x0, y1 - y0), 2) * random.normal(0, SHAKE, 4)
    return tuple(moved.tolist())


def _change(crop: Picture, random: np.random.Generator) -> Picture:
    if random.random() < 0.5:
        crop = np.ascontiguousarray(crop[:, ::-1])
    factor, offset = 1 + random.uniform(-LIGHT, LIGHT), random.uniform(-LIGHT, LIGHT) * 128
    levels = ((np.arange(256) - 128) * factor + 128 + offset).clip(0, 255).astype(np.uint8)
    lit: Picture = cv2.LUT(crop, levels)
    return lit
