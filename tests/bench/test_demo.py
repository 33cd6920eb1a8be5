"""The demonstration runs from any folder, without a terminal, twice in a row."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from analyzers.error import SettingsError
from bench.demo import Demo, DemoFailed

HIT = re.compile(r"(\w+\.mp4)\D+\d")  # a film's name and behind it a time


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[subprocess.CompletedProcess[str]]:
    """Two runs in one folder, in which a package of the person's own bears the name of ours."""
    place = tmp_path_factory.mktemp("anywhere")
    (place / "search").mkdir()
    (place / "search" / "__init__.py").write_text("raise ImportError('not this one')")
    command = [Path(sys.executable).with_name("shotseek"), "demo"]
    environment = {**os.environ, "CI": "true", "SHOTSEEK_ANALYZERS": "none"}
    return [
        subprocess.run(
            command,
            cwd=place,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
        )
        for _ in range(2)
    ]


def find_section(output: str, verb: str) -> str:
    """What was said by the command that is shown with these words."""
    return output.split(verb, 1)[1].split("\n$ ")[0].split("Try next")[0].partition("\n")[2]


@pytest.mark.slow
def test_both_runs_end_well_and_say_the_same_of_the_films(
    runs: list[subprocess.CompletedProcess[str]],
) -> None:
    assert [run.returncode for run in runs] == [0, 0], runs[0].stdout
    searches = [find_section(run.stdout, "'a red car on a snowy street at night'") for run in runs]
    assert HIT.findall(searches[0]) == HIT.findall(searches[1])


@pytest.mark.slow
def test_the_red_car_on_the_snowy_street_is_found_first(
    runs: list[subprocess.CompletedProcess[str]],
) -> None:
    said = find_section(runs[0].stdout, "'a red car on a snowy street at night'")
    hits = HIT.findall(said)
    assert hits[0] == "cold_night.mp4"
    assert len(hits) >= 2


@pytest.mark.slow
def test_what_follows_in_two_steps_is_found_first(
    runs: list[subprocess.CompletedProcess[str]],
) -> None:
    hits = HIT.findall(find_section(runs[0].stdout, "--then"))
    assert hits[0] == "at_work.mp4"


@pytest.mark.slow
def test_the_sign_is_found_by_its_text(runs: list[subprocess.CompletedProcess[str]]) -> None:
    hits = HIT.findall(find_section(runs[0].stdout, "'read=fresh honey'"))
    assert set(hits) == {"market_day.mp4"}


@pytest.mark.slow
def test_it_says_plainly_that_its_profile_is_for_trying(
    runs: list[subprocess.CompletedProcess[str]],
) -> None:
    assert "for trying and testing only" in runs[0].stdout.splitlines()[0]
    assert "Try next" in runs[0].stdout


@pytest.mark.slow
def test_api_and_page_are_tried_and_ended(runs: list[subprocess.CompletedProcess[str]]) -> None:
    told = runs[1].stdout
    for line in (
        r"^The API answers a search: cold_night\.mp4 first\.$",
        r"^It gives the picture of that hit: \d+ bytes\.$",
        r"^The page answers\.$",
        r"^The page:  http://127\.0\.0\.1:\d+/\?text=a\+red\+car\+on\+a\+snowy\+street\+at\+night$",
        r"^The API:   http://127\.0\.0\.1:\d+/v1/search\?text=a\+red\+car\+on\+a\+snowy\+street\+at\+night$",
    ):
        assert re.search(line, told, re.MULTILINE), told
    for port in re.findall(r"^The (?:page|API): +http://127\.0\.0\.1:(\d+)/", told, re.MULTILINE):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(port)), 5)


def test_a_command_that_fails_ends_the_demonstration(tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    for name in ("cold_night", "by_the_sea", "market_day", "at_work"):
        (tmp_path / "videos" / f"{name}.mp4").write_bytes(b"no film")
    with pytest.raises(DemoFailed, match="`index` ended with exit code 4"):
        Demo(tmp_path).run()


@pytest.mark.parametrize("name", ["/dev/null/x", "/dev/null"])
def test_a_folder_that_cannot_be_made_is_told_in_one_line(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^--folder {name}: (Not a directory|File exists)$"):
        Demo(Path(name)).run()
