"""Which films an edition of the made world holds, and the hash that names its truth.

Knows nothing of how films are planned, drawn and written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from bench.world.truth import VERSION

SPLITS = ("train", "validation", "test")
COUNTS = MappingProxyType({"tiny": (6, 2, 4), "small": (48, 12, 60), "large": (820, 60, 120)})
LENGTH_S, SHORT_S = (88.0, 148.0), (44.0, 74.0)  # of a film; those of the tiny edition are short


class EditionUnknown(Exception):
    """There is no edition of that name."""


class FilmUnknown(Exception):
    """No film has such an id."""


@dataclass(frozen=True)
class FilmName:
    """One film of an edition, before it is planned."""

    split: str
    number: int

    @property
    def id(self) -> str:
        """Its id, and its file's name."""
        return f"{self.split}{self.number:04}"


@dataclass(frozen=True)
class Edition:
    """A set of films: the same seed gives the same truth on every machine."""

    name: str
    seed: int
    counts: tuple[int, int, int]  # of train, validation, test
    length_s: tuple[float, float] = LENGTH_S  # of a film

    @property
    def films(self) -> tuple[FilmName, ...]:
        """Its films, in the order in which their truth is hashed."""
        return tuple(
            FilmName(split, number)
            for split, count in zip(SPLITS, self.counts, strict=True)
            for number in range(count)
        )


@dataclass(frozen=True)
class EditionRecord:
    """What `edition.json` says: which edition a folder holds, whole and unchanged."""

    name: str
    seed: int
    version: int
    films: int
    length_ms: int
    sha256: str  # over all truth files, in the order of `Edition.films`; empty until all are there


def find_edition(name: str, seed: int) -> Edition:
    """An edition by its name.

    Raises:
        EditionUnknown: there is none of that name.
    """
    if name not in COUNTS:
        raise EditionUnknown(f"no edition {name!r}; there are {', '.join(COUNTS)}")
    return Edition(name, seed, COUNTS[name], SHORT_S if name == "tiny" else LENGTH_S)


def find_film(film_id: str) -> FilmName:
    """A film by its id, as "test0003".

    Raises:
        FilmUnknown: that is no film's id.
    """
    for split in SPLITS:
        number = film_id.removeprefix(split)
        if number != film_id and number.isdecimal():
            return FilmName(split, int(number))
    raise FilmUnknown(f"no film {film_id!r}; ids are as train0000, validation0000, test0000")


def film_path(folder: Path, film: FilmName) -> Path:
    """Where a film lies in the folder of its edition."""
    return folder / film.split / f"{film.id}.mp4"


def truth_path(folder: Path, film: FilmName) -> Path:
    """Where its truth lies."""
    return folder / film.split / f"{film.id}.truth.json"


def sum_up(edition: Edition, truths: Iterable[bytes], length_ms: int) -> EditionRecord:
    """The record of an edition from the truth of all its films, in their order."""
    digest = sha256()
    for truth in truths:
        digest.update(truth)
    return EditionRecord(
        edition.name, edition.seed, VERSION, len(edition.films), length_ms, digest.hexdigest()
    )
