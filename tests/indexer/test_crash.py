"""Writers may be killed at any moment, and several may write at once."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killed_writers.py")


def run(what: str, folder: Path, catalog_url: str | None) -> str:
    """Run the script, which fails with a traceback if something is not whole."""
    url = [] if catalog_url is None else [catalog_url]
    command = [sys.executable, str(SCRIPT), what, str(folder), "1", *url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_killed_at_any_moment_a_collection_is_whole_and_can_be_finished(tmp_path: Path) -> None:
    run("random", tmp_path / "c", None)


@pytest.mark.slow
def test_killed_at_any_moment_a_collection_in_postgresql_is_whole_and_can_be_finished(
    tmp_path: Path, postgresql_url: str
) -> None:
    run("random", tmp_path / "c", postgresql_url)


def test_killed_before_any_step_a_video_is_as_it_was_or_as_it_should_be(tmp_path: Path) -> None:
    run("steps", tmp_path / "c", None)


def test_killed_before_any_step_of_a_build_the_search_files_are_those_of_before_or_after(
    tmp_path: Path,
) -> None:
    run("build", tmp_path / "c", None)


def test_two_writers_at_once_end_with_what_both_have_said(
    tmp_path: Path, catalog_url: str | None
) -> None:
    run("together", tmp_path / "c", catalog_url)
