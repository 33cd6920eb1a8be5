"""Test films of the made world, made and indexed by the product; kept for the next time.

Knows no task and no metric.
"""

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzers.error import ShotseekError
from bench.world.edition import Edition, truth_path
from bench.world.making import make_edition
from bench.world.truth import VERSION, Truth, read_truth

Tell = Callable[[str], None]


class IndexingFailed(ShotseekError):
    """`shotseek index` ended with an error; the message is what it said."""


@dataclass(frozen=True)
class FilmsMade:
    """Films on disk."""

    home: Path
    truths: tuple[Truth, ...]
    seconds: float  # what making them took now; those that were there took nothing

    @property
    def videos(self) -> Path:
        """The folder of the films themselves."""
        return self.home / "test"


def make_films(folder: Path, seed: int, count: int, tell: Tell) -> FilmsMade:
    """Make the first test films of a world, as far as they are not there.

    Args:
        folder: in which each world has a folder of its own.
        seed: of the world.
        count: how many.
        tell: hears what is being done.
    """
    edition = Edition("test films", seed, (0, 0, count))
    home = folder / f"world-{VERSION}-{seed}-{count}"
    tell(f"{count} test films of the made world in {home}")
    began = time.perf_counter()
    make_edition(home, edition)
    seconds = round(time.perf_counter() - began, 2)
    truths = tuple(read_truth(truth_path(home, film)) for film in edition.films)
    return FilmsMade(home, truths, seconds)


def index(videos: Path, collection: Path, flags: Sequence[str]) -> float:
    """Index a folder by the product's own command, which goes on from what is there.

    Args:
        videos: the folder.
        collection: made if need be.
        flags: further words of the command.

    Returns:
        How long it took, in seconds.

    Raises:
        IndexingFailed: it ended with an error.
    """
    from bench.serving import clean_environment, command_line

    began = time.perf_counter()
    words = ["index", str(videos), "--collection", str(collection), "--json", *flags]
    done = subprocess.run(
        command_line(words), env=clean_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise IndexingFailed(done.stderr.strip() or f"exit code {done.returncode}")
    return round(time.perf_counter() - began, 2)


def safe_name(name: str) -> str:
    """A name as a file may have it, its end if it is long."""
    return "".join(sign if sign.isalnum() or sign in "._-" else "_" for sign in name)[-60:]
