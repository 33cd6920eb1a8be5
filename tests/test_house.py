"""Rules of the house that no linter knows."""

import re
import resource
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("analyzers", "indexer", "search", "ui", "bench")


def test_help_answers_in_half_a_second() -> None:
    """Counted in processor time, so that a busy machine does not fail it."""
    command = Path(sys.executable).with_name("shotseek")

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([command, "--help"], stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert statistics.median(once() for _ in range(3)) < 0.5


@pytest.mark.parametrize(
    "module",
    [
        *("shotseek", "analyzers.cli", "indexer.cli", "search.cli", "search.api.cli", "bench.cli"),
        *("search.query", "search.wire", "search.asking", "search.listing"),
        *("search.client", "search.client.command", "search.client.page"),
    ],
)
def test_light_modules_wake_nothing_heavy(module: str) -> None:
    heavy = "torch open_clip transformers faiss sqlalchemy pyarrow av decord scenedetect cv2 PIL"
    heavy += " alembic fastapi starlette uvicorn streamlit"
    code = f"import sys, {module}; print(*set({heavy.split()}) & set(sys.modules))"
    woken = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not woken.stdout.split()


def test_the_client_is_there_in_three_tenths_of_a_second() -> None:
    """Counted in processor time, without what Python itself takes."""
    code = (
        "import time; t = time.process_time(); import search.client; print(time.process_time()-t)"
    )

    def once() -> float:
        line = [sys.executable, "-c", code]
        return float(subprocess.run(line, capture_output=True, check=True, cwd=ROOT).stdout)

    assert statistics.median(once() for _ in range(3)) < 0.3


def test_no_module_of_the_page_hides_a_package() -> None:
    """`streamlit run ui/app.py` puts ui/ first on the path."""
    names = {path.stem for path in (ROOT / "ui").iterdir()}
    names |= {path.stem for path in (ROOT / "tests").iterdir() if path.is_file()}
    assert not names & set(PACKAGES)


def test_tests_are_no_package() -> None:
    """A tests/search/__init__.py would shadow the real package."""
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_the_console_command_stays_small() -> None:
    assert len((ROOT / "shotseek.py").read_text(encoding="utf-8").splitlines()) <= 60


@pytest.mark.parametrize("package", PACKAGES)
def test_no_forbidden_module_names(package: str) -> None:
    forbidden = {"utils", "util", "helpers", "helper", "common", "core", "manager", "misc"}
    names = {part for path in (ROOT / package).rglob("*.py") for part in (*path.parts, path.stem)}
    assert not names & forbidden


def test_pins_name_packages_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pin = re.compile(r"[a-zA-Z0-9._-]+==[a-zA-Z0-9.!+]+( ; .+)?")
    assert all(pin.fullmatch(line) or line.startswith("#") for line in lines if line)
