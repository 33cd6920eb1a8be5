"""The small films that are added: no two alike, each with a title that no other has.

Knows nothing of collections.
"""

import re
from collections.abc import Callable
from pathlib import Path

from bench.texture import Size, film_texture
from bench.videos import Coding, write_video

SIZE = Size(160, 120)
SECONDS = 1.6
SHOT_SECONDS = 0.8
WORD = "freshly"  # in all their titles, and nowhere else
NAME = re.compile(r"fresh-([0-9]{6})\.mp4")
RECIPE = 1


def keep_films(folder: Path, count: int, tell: Callable[[str], None]) -> list[Path]:
    """The first `count` films, made unless an earlier run left them."""
    place = folder / f"growth-films-{RECIPE}"
    place.mkdir(parents=True, exist_ok=True)
    films = [place / name_film(number) for number in range(count)]
    lacking = [number for number, film in enumerate(films) if not film.exists()]
    if lacking:
        tell(f"making {len(lacking):,} small films")
    for number in lacking:
        _make_film(films[number], number)
    return films


def name_film(number: int) -> str:
    """Its file, by its number from 0."""
    return f"fresh-{number:06}.mp4"


def title_film(number: int) -> str:
    """What it says it is called."""
    return f"{WORD} n{number:06}"


def number_of(name: str) -> int | None:
    """The number of the film of that file name; None for other files."""
    found = NAME.fullmatch(name)
    return int(found[1]) if found else None


def _make_film(film: Path, number: int) -> None:
    frames = film_texture(SIZE, SECONDS, shot_seconds=SHOT_SECONDS, seed=number)
    draft = film.with_name(f".{film.name}")  # which `index` passes over
    write_video(draft, frames, Coding(tags={"title": title_film(number)}))
    draft.rename(film)
