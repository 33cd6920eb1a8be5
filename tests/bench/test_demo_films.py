"""The films of the demonstration are what they say of themselves."""

from pathlib import Path

import pytest

from bench.demo_films import plan_films
from bench.passes import read_whole
from bench.world.making import write_film
from bench.world.plan import VideoPlan
from bench.world.seen import describe
from indexer.media import open_video
from indexer.single_pass import ShotMaterial

FILMS = {film.id: film for film in plan_films()}


@pytest.mark.parametrize("name", FILMS)
def test_a_film_has_its_title_and_all_its_cuts(name: str, tmp_path: Path) -> None:
    film = FILMS[name]
    path = write_film(film, tmp_path / "film.mp4")
    shots = [part.start_ms for part in read_whole(path) if isinstance(part, ShotMaterial)]
    assert shots == [shot.start_ms for shot in film.shots]
    with open_video(path) as reader:
        assert ("title", film.title) in reader.container.tags


def find_seen(film: VideoPlan) -> set[str]:
    shots = describe(film).shots
    things = {f"{thing.colour} {thing.kind}" for shot in shots for thing in shot.things}
    written = {written.text for shot in shots for written in shot.written}
    return things | written | {done.phrase for shot in shots for done in shot.actions}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cold_night", ("red car", "carrying a bag", "yellow bag", "green sofa")),
        ("by_the_sea", ("orange boat", "white dog", "pink tent", "dancing together")),
        ("market_day", ("red bicycle", "FRESH HONEY", "red car", "green tractor")),
        ("at_work", ("blue box", "shaking hands", "purple chair", "yellow robot")),
    ],
)
def test_what_can_be_asked_for_is_seen(name: str, words: tuple[str, ...]) -> None:
    assert set(words) - find_seen(FILMS[name]) == set()
