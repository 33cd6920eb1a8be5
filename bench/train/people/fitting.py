"""Pictures and their true boxes as the detector sees them: fitted, and when learning changed a bit.

Knows nothing of the network's answers.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.train.people.detector_design import CLASSES, FACE, FIRST_THING, HEIGHT, PERSON, WIDTH
from bench.train.people.samples import DrawnPicture, Picture
from bench.train.people.targets import Boxes

GREY = 114  # beside a picture that keeps its shape
TURNS = {"left": -1.0, "right": 1.0}
ZOOM = (0.75, 1.5)  # of a changed picture
LIGHT = 0.15  # brightness and contrast change by at most this share
BLURS, LEAST_LEFT = 0.1, 0.3  # share of pictures; of a box that zooming may leave


def list_boxes(truth: DrawnPicture) -> Boxes:
    """Persons, faces and things, as fractions of the picture."""
    rows = [(person.box, PERSON, 0.0) for person in truth.persons]
    rows += [
        (person.face, FACE, TURNS.get(person.view, 0.0))
        for person in truth.persons
        if person.face is not None
    ]
    rows += [(thing.box, CLASSES.index(thing.kind, FIRST_THING), 0.0) for thing in truth.things]
    return Boxes(
        np.array([row[0] for row in rows], np.float32).reshape(-1, 4),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[2] for row in rows], np.float32),
    )


def fit(picture: Picture, boxes: Boxes) -> tuple[Picture, Boxes]:
    """The picture whole in the network's input, with its boxes in px."""
    place = _find_place(picture)
    return _show(picture, place), _move(boxes, picture, place)


def change(picture: Picture, boxes: Boxes, random: np.random.Generator) -> tuple[Picture, Boxes]:
    """The same, zoomed, mirrored, lit or blurred by chance; boxes mostly outside are left out."""
    place = _find_place(picture)
    if random.random() < 0.6:
        scale = float(np.exp(random.uniform(*np.log(ZOOM))))
        shift = random.uniform(-0.5, 0.5, 2) * (abs(scale - 1), abs(scale - 1)) * (WIDTH, HEIGHT)
        middle = np.array([WIDTH, HEIGHT]) / 2
        place = np.column_stack(
            [place[:, :2] * scale, (place[:, 2] - middle) * scale + middle + shift]
        )
    moved = _move(boxes, picture, place)
    shown = _light(_show(picture, place), random)
    if random.random() < 0.5:
        shown = np.ascontiguousarray(shown[:, ::-1])
        x0, y0, x1, y1 = moved.box_px.T
        moved = Boxes(np.stack([WIDTH - x1, y0, WIDTH - x0, y1], 1), moved.number, -moved.turn)
    return shown, moved


def _find_place(picture: Picture) -> NDArray[np.float64]:
    """(2, 3) from the picture's px to the input's: as large as fits, in the middle."""
    height, width = picture.shape[:2]
    scale = min(WIDTH / width, HEIGHT / height)
    return np.array(
        [[scale, 0, (WIDTH - scale * width) // 2], [0, scale, (HEIGHT - scale * height) // 2]]
    )


def _show(picture: Picture, place: NDArray[np.float64]) -> Picture:
    if np.array_equal(place[:, :2], np.eye(2)) and not (place[:, 2] % 1).any():
        whole = np.full((HEIGHT, WIDTH, 3), GREY, np.uint8)
        x, y = int(place[0, 2]), int(place[1, 2])
        whole[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
        return whole
    scale = place[0, 0]
    centred = place.copy()
    centred[:, 2] += scale / 2 - 0.5  # cv2 puts whole numbers on the middles of pixels
    shown: Picture = cv2.warpAffine(
        picture, centred, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderValue=(GREY,) * 3
    )
    return shown


def _move(boxes: Boxes, picture: Picture, place: NDArray[np.float64]) -> Boxes:
    """Boxes in px of the input, cut to it."""
    height, width = picture.shape[:2]
    scale = np.array([width, height, width, height]) * place[0, 0]
    whole = boxes.box_px * scale + np.tile(place[:, 2], 2)
    cut = whole.clip(0, (WIDTH, HEIGHT, WIDTH, HEIGHT))
    left = (cut[:, 2:] - cut[:, :2]).prod(axis=1)
    stays = left >= LEAST_LEFT * (whole[:, 2:] - whole[:, :2]).prod(axis=1)
    return Boxes(cut[stays].astype(np.float32), boxes.number[stays], boxes.turn[stays])


def _light(picture: Picture, random: np.random.Generator) -> Picture:
    factor, offset = 1 + random.uniform(-LIGHT, LIGHT), random.uniform(-LIGHT, LIGHT) * 128
    levels = ((np.arange(256) - 128) * factor + 128 + offset).clip(0, 255).astype(np.uint8)
    if random.random() < BLURS:
        picture = cv2.GaussianBlur(picture, (0, 0), random.uniform(0.4, 1.0))
    lit: Picture = cv2.LUT(picture, levels)
    return lit
