"""Pictures of shots with what may be typed for them: what an encoder is trained and judged on.

A folder of drawn samples holds two files for each film: `NAME.jpgs`, its pictures one after the
other, and `NAME.json`, which says where each lies and what is in it; the second is written last.
Knows nothing of how they are drawn.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.train.error import TrainingError
from bench.world.truth import Captions

Picture = NDArray[np.uint8]  # (h, w, 3) RGB


class Samples(Protocol):
    """Pictures in the order of their films and shots."""

    films: NDArray[np.int64]  # (n,) the film of each picture
    shots: NDArray[np.int64]  # (n,) the shot of each, counted over all films
    alike: NDArray[np.int64]  # (n,) of equal number: as right an answer as the other

    def read_pictures(self, rows: Sequence[int]) -> list[Picture]:
        """The pictures of these rows."""

    def get_wordings(self, row: int) -> tuple[str, ...]:
        """True captions of a row's shot, of any length."""

    def get_captions(self, row: int) -> Captions:
        """What the three searchers would type for a row's shot."""


@dataclass(frozen=True)
class DrawnShot:
    """A shot in the JSON of a film."""

    id: str
    captions: Captions
    wordings: tuple[str, ...]
    duplicates: tuple[str, ...]  # ids of other shots of the film that are as right
    sizes: tuple[int, ...]  # bytes of its pictures, which follow each other


class DrawnSamples:
    """The samples of a folder; pictures are read when they are asked for."""

    def __init__(self, folder: Path, films: Sequence[str]) -> None:
        """Those of the named films.

        Raises:
            TrainingError: one of them was not drawn, or nothing is seen in any.
        """
        self._files = [folder / f"{film}.jpgs" for film in films]
        self._shots: list[DrawnShot] = []
        self._places: list[tuple[int, int, int]] = []  # film, offset, size of each picture
        shots, alike = [], []
        for number, film in enumerate(films):
            offset, first = 0, len(self._shots)
            drawn = read_film(folder / f"{film}.json")
            for shot, group in zip(drawn, _group(drawn), strict=True):
                for size in shot.sizes:
                    self._places.append((number, offset, size))
                    shots.append(len(self._shots))
                    alike.append(first + group)
                    offset += size
                self._shots.append(shot)
        if not self._places:
            raise TrainingError(f"there are no samples in {folder}")
        self.films = np.array([place[0] for place in self._places], np.int64)
        self.shots = np.array(shots, np.int64)
        self.alike = np.array(alike, np.int64)

    def read_pictures(self, rows: Sequence[int]) -> list[Picture]:
        """The pictures of these rows, as large as they were drawn."""
        import cv2

        pictures: list[Picture] = []
        for film, offset, size in (self._places[row] for row in rows):
            with self._files[film].open("rb") as file:
                file.seek(offset)
                code = np.frombuffer(file.read(size), np.uint8)
            read = cv2.imdecode(code, cv2.IMREAD_COLOR_RGB)
            pictures.append(np.asarray(read, np.uint8))
        return pictures

    def get_wordings(self, row: int) -> tuple[str, ...]:
        """True captions of a row's shot, of any length."""
        return self._shots[int(self.shots[row])].wordings

    def get_captions(self, row: int) -> Captions:
        """What the three searchers would type for a row's shot."""
        return self._shots[int(self.shots[row])].captions


def read_film(file: Path) -> list[DrawnShot]:
    """The shots of a drawn film.

    Raises:
        TrainingError: it was not drawn.
    """
    if not file.is_file():
        raise TrainingError(f"{file} is missing: draw the samples first")
    found = json.loads(file.read_text("utf-8"))
    return [
        DrawnShot(
            shot["id"],
            Captions(**shot["captions"]),
            tuple(shot["wordings"]),
            tuple(shot["duplicates"]),
            tuple(shot["sizes"]),
        )
        for shot in found
    ]


def write_film(folder: Path, name: str, shots: Sequence[DrawnShot], codes: Sequence[bytes]) -> None:
    """Write a drawn film; `codes` are its pictures as JPEG, in the order of the shots."""
    (folder / f"{name}.jpgs").write_bytes(b"".join(codes))
    partial = folder / f"{name}.json.part"
    partial.write_text(json.dumps([asdict(shot) for shot in shots]), encoding="utf-8")
    partial.replace(folder / f"{name}.json")


def _group(shots: Sequence[DrawnShot]) -> list[int]:
    """For each shot the number of the first that is as right as it."""
    numbers = {shot.id: number for number, shot in enumerate(shots)}
    first = list(range(len(shots)))
    for number, shot in enumerate(shots):
        near = [first[numbers[other]] for other in shot.duplicates if other in numbers]
        first[number] = min([number, *near])
    return first
