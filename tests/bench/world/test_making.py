"""Editions: what is in them, that they come out the same, that making goes on where it stopped."""

import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from bench.world.cli import world
from bench.world.edition import (
    COUNTS,
    Edition,
    EditionUnknown,
    FilmName,
    FilmUnknown,
    film_path,
    find_edition,
    find_film,
    truth_path,
)
from bench.world.making import EditionMixed, FilmMade, Order, make_edition, read_record, write_film
from bench.world.plan import HEIGHT, WIDTH, SoundPlan
from bench.world.sound import HZ, make_sound
from bench.world.truth import read_truth
from bench.world.words import SOUNDS
from tests.bench.world.handmade_film import make_film, make_picture, make_shot, make_thing

ONE_OF_EACH = Edition("tiny", 7, (1, 1, 1), (20.0, 24.0))
TRUTH = Order(workers=1, truth_only=True)


def test_editions_hold_what_is_promised() -> None:
    assert {name: sum(counts) for name, counts in COUNTS.items()} == {
        "tiny": 12,
        "small": 120,
        "large": 1000,
    }
    films = find_edition("small", 7).films
    assert len({film.id for film in films}) == 120
    assert films[0] == FilmName("train", 0)
    with pytest.raises(EditionUnknown, match="tiny, small, large"):
        find_edition("huge", 7)


def test_films_are_found_by_their_ids() -> None:
    assert find_film("validation0012") == FilmName("validation", 12)
    assert find_film("test0003").id == "test0003"
    for wrong in ("test", "film0001", "test-1"):
        with pytest.raises(FilmUnknown):
            find_film(wrong)


def test_the_same_seed_gives_the_same_truth_and_another_another(tmp_path: Path) -> None:
    first = make_edition(tmp_path / "a", ONE_OF_EACH, TRUTH).record
    again = make_edition(tmp_path / "b", ONE_OF_EACH, TRUTH).record
    assert first == again
    other = make_edition(tmp_path / "c", Edition("tiny", 8, (1, 1, 1), (20.0, 24.0)), TRUTH)
    assert other.record.sha256 != first.sha256
    assert read_record(tmp_path / "a") == first


def test_splits_share_no_member_of_the_cast(tmp_path: Path) -> None:
    make_edition(tmp_path, ONE_OF_EACH, TRUTH)
    casts = [
        {person.id for person in read_truth(truth_path(tmp_path, film)).cast}
        for film in ONE_OF_EACH.films
    ]
    assert all(casts)
    assert not casts[0] & casts[1]
    assert not casts[0] & casts[2]
    assert not casts[1] & casts[2]


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    whole = make_edition(tmp_path, ONE_OF_EACH, TRUTH).record
    truth_path(tmp_path, FilmName("test", 0)).unlink()
    made: list[FilmMade] = []
    again = make_edition(tmp_path, ONE_OF_EACH, TRUTH, made.append)
    assert [film.id for film in made] == ["test0000"]
    assert again.made == 1
    assert again.record == whole


def test_an_error_leaves_no_half_films(tmp_path: Path) -> None:
    def stop(_: FilmMade) -> None:
        raise KeyboardInterrupt

    leftover = tmp_path / "train" / ".train0000.unfinished.mp4"
    leftover.parent.mkdir()
    leftover.write_bytes(b"half")
    with pytest.raises(KeyboardInterrupt):
        make_edition(tmp_path, ONE_OF_EACH, TRUTH, stop)
    files = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert files == ["edition.json", "train0000.truth.json"]
    record = read_record(tmp_path)
    assert record is not None
    assert record.sha256 == ""


def test_a_folder_holds_one_edition_only(tmp_path: Path) -> None:
    make_edition(tmp_path, ONE_OF_EACH, TRUTH)
    with pytest.raises(EditionMixed, match="seed 7"):
        make_edition(tmp_path, Edition("tiny", 8, (1, 1, 1)), TRUTH)


def test_a_film_has_picture_sound_subtitles_and_title(tmp_path: Path) -> None:
    plan = make_film(make_shot(make_picture(make_thing("car", speed=1.0)), length_ms=2000))
    path = write_film(plan, film_path(tmp_path, FilmName("test", 0)))
    assert [file.name for file in path.parent.iterdir()] == ["test0000.mp4"]
    with av.open(str(path)) as container:
        assert container.metadata["title"] == "The Red Bag"
        (picture,) = container.streams.video
        assert (picture.codec_context.name, picture.width, picture.height) == (
            "h264",
            WIDTH,
            HEIGHT,
        )
        assert container.streams.audio[0].codec_context.name == "aac"
        assert container.streams.subtitles[0].metadata["language"] == "eng"
        packets = [bytes(packet) for packet in container.demux(container.streams.subtitles[0])]
        assert any(b"Hello there." in packet for packet in packets)
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 50


def test_all_sounds_are_heard_and_silence_is_silent() -> None:
    film = make_film(make_shot(make_picture(), length_ms=2000 * len(SOUNDS)))
    pieces = [SoundPlan(2000 * k, 2000 * (k + 1), kind) for k, kind in enumerate(SOUNDS)]
    plan = replace(film, sounds=tuple(pieces))
    samples = make_sound(plan).samples
    assert samples.dtype == np.float32
    assert len(samples) == 2 * HZ * len(SOUNDS)
    assert np.abs(samples).max() <= 1.0
    for piece in pieces:
        inner = samples[(piece.start_ms + 200) * HZ // 1000 : (piece.end_ms - 200) * HZ // 1000]
        loudness = float(np.sqrt((inner**2).mean()))
        assert (loudness == 0) == (piece.kind == "silence"), piece.kind
        assert piece.kind == "silence" or loudness > 0.02, piece.kind
    assert np.array_equal(samples, make_sound(plan).samples)


def test_the_command_makes_an_edition_and_says_its_hash(tmp_path: Path) -> None:
    command = ["make", "--edition", "tiny", "--truth-only", "--workers", "1", "--json"]
    answer = CliRunner().invoke(world, [*command, "--folder", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    figures = json.loads(answer.stdout)
    assert figures["films"] == 12
    assert len(figures["sha256"]) == 64
    assert figures["times_real_time_per_core"] > 0
    wrong = CliRunner().invoke(world, ["make", "--edition", "huge"])
    assert wrong.exit_code == 2
    assert "no edition 'huge'" in wrong.output


def test_the_command_shows_a_shot(tmp_path: Path) -> None:
    answer = CliRunner().invoke(
        world, ["show", "test0000", "c0-s00", "--out", str(tmp_path / "shot.png")]
    )
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.startswith("c0-s00: ")
    assert (tmp_path / "shot.png").stat().st_size > 1000
    assert CliRunner().invoke(world, ["show", "test0000", "nothing"]).exit_code == 2


def test_a_sheet_shows_as_many_shots_as_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    command = ["sheet", str(out), "--edition", "tiny", "--shots", "4", "--columns", "2", "--boxes"]
    answer = CliRunner().invoke(world, command)
    assert answer.exit_code == 0, answer.output
    with Image.open(out) as sheet:
        assert sheet.width > 2 * WIDTH
        assert sheet.height > 2 * HEIGHT
