"""Faces cut out of drawn pictures, in the way in which the shipped detector will hand them over.

Knows nothing of networks.
"""

from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from analyzers.face_detectors.world import place_landmarks
from analyzers.face_embedder import align_faces
from bench.train.people.samples import PeopleSamples, Picture
from bench.world.plan import Look
from bench.world.words import (
    BEARDS,
    COLOURS,
    EYES,
    FACES,
    GENDERS,
    GLASSES,
    HAIR_COLOURS,
    HAIR_STYLES,
    HATS,
    SKINS,
)

# What may be seen of a face, with the words for it.
FEATURES = MappingProxyType(
    {
        "gender": GENDERS, "skin": SKINS, "face": FACES, "hair": HAIR_STYLES,
        "hair_colour": HAIR_COLOURS, "eyes": EYES, "glasses": GLASSES, "beard": BEARDS,
        "hat": HATS, "hat_colour": tuple(COLOURS),
    }
)  # fmt: skip
UNSEEN = -1
LEAST_PX = 10.0  # width
LIGHT, BLURS = 0.2, 0.2


@dataclass(frozen=True)
class FacePlace:
    """Where a face is, and whose."""

    row: int  # of the samples
    box: NDArray[np.float32]  # (4,) fractions
    cast: int
    person: int  # counted over all casts
    film: int
    width_px: float


class FaceSamples:
    """The faces of drawn films, by person."""

    def __init__(self, samples: PeopleSamples) -> None:
        """Films share a cast where the first part of their id, the seed, is the same."""
        self._samples = samples
        self.places: list[FacePlace] = []
        self.features: list[NDArray[np.int64]] = []  # of each person, in the order of FEATURES
        self.by_person: dict[int, list[int]] = defaultdict(list)  # places
        self._casts: dict[str, int] = {}
        persons: dict[tuple[int, str], int] = {}
        for row, truth in enumerate(samples.truths):
            film = samples.films[samples.film_of[row]]
            cast = self._casts.setdefault(film.id.partition("/")[0], len(self._casts))
            looks = {person.id: person.look for person in film.cast}
            for seen in truth.persons:
                if seen.face is None:
                    continue
                box = np.array(seen.face, np.float32)
                width_px = float(box[2] - box[0]) * 320
                if width_px < LEAST_PX:
                    continue
                key = (cast, seen.person)
                if key not in persons:
                    persons[key] = len(persons)
                    self.features.append(list_features(looks[seen.person]))
                person = persons[key]
                self.by_person[person].append(len(self.places))
                place = FacePlace(row, box, cast, person, samples.film_of[row], width_px)
                self.places.append(place)

    def read_crops(
        self, numbers: list[int], random: np.random.Generator | None = None
    ) -> NDArray[np.uint8]:
        """Aligned crops (n, 112, 112, 3); with `random` boxes are off as a detector's are."""
        crops = []
        for number in numbers:
            place = self.places[number]
            picture = self._samples.read_picture(place.row)
            box = place.box if random is None else _shake(place.box, random)
            size_px = (picture.shape[1], picture.shape[0])
            (crop,) = align_faces(picture, place_landmarks(box[None], size_px))
            crops.append(crop if random is None else _change(crop, random))
        return np.stack(crops)


def list_features(look: Look) -> NDArray[np.int64]:
    """The place of each feature's word; UNSEEN where nothing is seen of it."""
    places = [words.index(getattr(look, name)) for name, words in FEATURES.items()]
    names = list(FEATURES)
    if look.hat == "none":
        places[names.index("hat_colour")] = UNSEEN
    if look.hair == "bald" and look.beard == "none":
        places[names.index("hair_colour")] = UNSEEN
    if look.glasses == "dark":
        places[names.index("eyes")] = UNSEEN
    return np.array(places, np.int64)


def _shake(box: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    size = np.tile(box[2:] - box[:2], 2)
    moved = box + size * random.normal(0, 0.05, 4)
    return np.asarray(moved, np.float32)


def _change(crop: Picture, random: np.random.Generator) -> Picture:
    """Mirrored, lit, blurred by chance."""
    if random.random() < 0.5:
        crop = np.ascontiguousarray(crop[:, ::-1])
    if random.random() < BLURS:
        crop = cv2.GaussianBlur(crop, (0, 0), random.uniform(1.0, 3.0))
    factor, offset = 1 + random.uniform(-LIGHT, LIGHT), random.uniform(-LIGHT, LIGHT) * 128
    levels = ((np.arange(256) - 128) * factor + 128 + offset).clip(0, 255).astype(np.uint8)
    lit: Picture = cv2.LUT(crop, levels)
    return lit
