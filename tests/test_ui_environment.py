"""The page's own environment: what `pip install .[ui]` brings is enough, and nothing heavy comes.

Makes an environment from nothing, so it needs the package index or a cache of it.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).with_name("uv")
ABSENT = ("torch", "faiss", "sqlalchemy", "open_clip", "av", "decord", "transformers", "fastapi")
PRESENT = ("ui.cli", "search.client", "search.query", "search.wire", "streamlit")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ui_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with `.[ui]`, installed from a copy of the sources."""
    home = tmp_path_factory.mktemp("ui")
    sources = home / "sources"
    skip = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for package in ("analyzers", "indexer", "search", "ui", "bench"):
        shutil.copytree(ROOT / package, sources / package, ignore=skip)
    for file in ("pyproject.toml", "README.md", "LICENSE", "shotseek.py", "constraints.txt"):
        shutil.copy(ROOT / file, sources / file)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / "venv"], check=True)
    python = home / "venv" / "bin" / "python"
    line = [UV, "pip", "install", "--quiet", "--system-certs", "--python", python]
    done = subprocess.run(
        [*line, "--constraint", "constraints.txt", ".[ui]"],
        cwd=sources,
        env={**os.environ, "UV_LINK_MODE": "hardlink"},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    return python


@pytest.fixture(scope="module")
def api(
    shotseek: Callable[..., Any], plain_videos: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a server that the main environment runs."""
    home = tmp_path_factory.mktemp("served")
    ran = shotseek("index", plain_videos, "--collection", home / "c", "--encoder", "toy")
    assert ran.code == 0, ran.err
    command = Path(sys.executable).with_name("shotseek")
    line = [command, "serve", "-c", home / "c", "--port", "0", "--cache", home / "cache"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        said = next(one for one in running.stdout if " at http://" in one)
        yield said.partition(" at ")[2].split()[0]
        running.send_signal(signal.SIGTERM)


def run(*line: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command away from the sources."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    words = [str(word) for word in line]
    return subprocess.run(words, capture_output=True, text=True, cwd=cwd, env=env, timeout=120)


@pytest.mark.parametrize("module", ABSENT)
def test_what_is_heavy_is_not_there(ui_python: Path, tmp_path: Path, module: str) -> None:
    done = run(ui_python, "-c", f"import {module}", cwd=tmp_path)
    assert f"No module named '{module}'" in done.stderr


@pytest.mark.parametrize("module", PRESENT)
def test_what_the_page_needs_is_there(ui_python: Path, tmp_path: Path, module: str) -> None:
    done = run(ui_python, "-c", f"import {module}", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_api_is_searched_from_there(ui_python: Path, api: str, tmp_path: Path) -> None:
    command = ui_python.with_name("shotseek")
    words = ("search", "red", "--where", "colour=red", "--then", "green", "-c", api)
    done = run(command, *words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "red-green.mp4" in done.stdout
    found = json.loads(run(command, *words, "--json", cwd=tmp_path).stdout)
    assert found["hits"][0]["video"] == "red-green.mp4"


def test_a_folder_is_told_apart_without_a_traceback(ui_python: Path, tmp_path: Path) -> None:
    done = run(ui_python.with_name("shotseek"), "search", "red", "-c", tmp_path, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
