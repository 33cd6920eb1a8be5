"""The films of the demonstration are what they say of themselves."""

from pathlib import Path

import pytest

from analyzers.clip import Cue
from bench.demo import format_srt, write_film
from bench.films import FILMS, Film
from bench.passes import read_whole
from indexer.media import open_video
from indexer.single_pass import ShotMaterial

QUICK = ("balloon", "harbour")


@pytest.mark.parametrize(
    "film",
    [
        pytest.param(film, id=film.name, marks=() if film.name in QUICK else pytest.mark.slow)
        for film in FILMS
    ],
)
def test_a_film_has_its_cuts_where_it_says(film: Film, tmp_path: Path) -> None:
    path = write_film(film, tmp_path)
    shots = [part for part in read_whole(path) if isinstance(part, ShotMaterial)]
    assert tuple(shot.start_ms for shot in shots) == (0, *film.cuts_ms)
    with open_video(path) as reader:
        assert ("title", film.title) in reader.container.tags
        assert (reader.container.width, reader.container.height) == (640, 360)


def test_a_film_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    (tmp_path / "balloon.mp4").write_bytes(b"mine")
    assert write_film(FILMS[0], tmp_path).read_bytes() == b"mine"


def test_subtitles_lie_beside_the_film(tmp_path: Path) -> None:
    film = next(film for film in FILMS if film.cues)
    short = Film(film.name, film.title, film.shots[:1], film.cues[:1])
    write_film(short, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["harbour.mp4", "harbour.srt"]
    assert "00:00:00,400 --> 00:00:03,800\nGood morning" in (tmp_path / "harbour.srt").read_text()


def test_subtitles_are_numbered_and_timed() -> None:
    cues = (Cue(0, 1500, "One"), Cue(3_723_004, 3_724_000, "Two"))
    assert format_srt(cues) == (
        "1\n00:00:00,000 --> 00:00:01,500\nOne\n\n2\n01:02:03,004 --> 01:02:04,000\nTwo\n"
    )
