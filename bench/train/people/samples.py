"""Pictures of films with the true boxes of all that is seen in them.

A folder holds two files for each film: `NAME.jpgs`, its pictures one after the other, and
`NAME.json`, a `DrawnFilm`; the second is written last. Knows nothing of how they are drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.train.error import TrainingError
from bench.world.plan import Person
from bench.world.truth import Box

Picture = NDArray[np.uint8]  # (h, w, 3) RGB


@dataclass(frozen=True)
class TrueThing:
    """A thing in a picture."""

    kind: str
    box: Box  # fractions, cut to the picture
    visible: float  # share of its whole box that is in the picture and not covered


@dataclass(frozen=True)
class TruePerson:
    """A member of the cast in a picture."""

    person: str  # its id in the film's cast
    view: str
    box: Box
    visible: float
    face: Box | None  # the head without hair and hat, if half of it is visible
    actions: tuple[str, ...]  # what it does at this moment


@dataclass(frozen=True)
class DrawnPicture:
    """One picture of a film."""

    shot: str
    size_bytes: int
    things: tuple[TrueThing, ...]
    persons: tuple[TruePerson, ...]


@dataclass(frozen=True)
class DrawnFilm:
    """The pictures of a film, in the order in which their bytes follow each other."""

    id: str  # with its seed: no two films share it
    cast: tuple[Person, ...]
    pictures: tuple[DrawnPicture, ...]


class PeopleSamples:
    """The samples of a folder; pictures are read when they are asked for."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        """Those of the films of these names.

        Raises:
            TrainingError: one of them was not drawn, or nothing was drawn at all.
        """
        self.films = [_read_film(folder / f"{name}.json") for name in names]
        self._files = [folder / f"{name}.jpgs" for name in names]
        self.truths: list[DrawnPicture] = []
        self.film_of: list[int] = []
        self._offsets: list[int] = []
        for number, film in enumerate(self.films):
            sizes = [picture.size_bytes for picture in film.pictures]
            self._offsets += np.cumsum([0, *sizes])[:-1].tolist()
            self.truths += film.pictures
            self.film_of += [number] * len(sizes)
        if not self.truths:
            raise TrainingError(f"there are no samples in {folder}")

    def __len__(self) -> int:
        return len(self.truths)

    def read_picture(self, row: int) -> Picture:
        """One picture, as large as it was drawn."""
        import cv2

        with self._files[self.film_of[row]].open("rb") as file:
            file.seek(self._offsets[row])
            code = np.frombuffer(file.read(self.truths[row].size_bytes), np.uint8)
        return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR_RGB), np.uint8)


def write_film(folder: Path, name: str, film: DrawnFilm, codes: Sequence[bytes]) -> None:
    """Write a film; `codes` are its pictures as JPEG."""
    (folder / f"{name}.jpgs").write_bytes(b"".join(codes))
    partial = folder / f"{name}.json.part"
    partial.write_bytes(_adapter().dump_json(film))
    partial.replace(folder / f"{name}.json")


def _read_film(file: Path) -> DrawnFilm:
    if not file.is_file():
        raise TrainingError(f"{file} is missing: draw the samples first")
    film: DrawnFilm = _adapter().validate_json(file.read_bytes())
    return film


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(DrawnFilm)
