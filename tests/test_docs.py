"""The README is true: its verbs, options, analyzers and settings are those of the code."""

import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERBS = sorted(PROJECT["entry-points"]["shotseek.verbs"])


def table_rows(header: str) -> list[list[str]]:
    """The cells of the table whose first header cell this is."""
    lines = README.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {header} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def commands() -> list[str]:
    """Every shotseek command that the README shows."""
    shown = re.findall(r"`(shotseek [^`]+)`", README)
    shown += re.findall(r"^\.venv/bin/(shotseek .+)$", README, re.MULTILINE)
    return [command for command in shown if "|" not in command]


def test_the_table_of_verbs_is_complete() -> None:
    named = {row[0].strip("`").split("`")[0].split()[1] for row in table_rows("verb")}
    assert named == set(VERBS)


def test_the_table_of_analyzers_is_complete() -> None:
    from analyzers.registry import find_analyzers

    named = {row[0].strip("`") for row in table_rows("analyzer")}
    assert named == {"embed", "toy", *(one.name for one in find_analyzers())}


def test_every_setting_is_an_option_of_index(shotseek: Callable[..., Any]) -> None:
    from indexer.settings import IndexSettings

    told = shotseek("index", "--help", env={"COLUMNS": "200"}).out
    assert all(f"--{name.replace('_', '-')}" in told for name in IndexSettings.model_fields)


@pytest.mark.parametrize("command", commands())
def test_commands_of_the_readme_use_options_that_exist(
    command: str, shotseek: Callable[..., Any]
) -> None:
    words = shlex.split(command)
    if words[1] == "VERB":
        return
    verb = [word for word in words[1:] if re.fullmatch(r"[a-z]+", word)][:1]
    assert verb[0] in VERBS
    group = ["list", "fetch", "check", "decode", "memory", "screens"]
    path = [*verb, *(word for word in words[2:3] if word in group)]
    told = shotseek(*path, "--help", env={"COLUMNS": "200"}).out
    used = [word.split("=")[0] for word in words[1:] if re.match(r"--?[a-z]", word)]
    assert all(re.search(rf"(?<![\w-]){option}(?![\w-])", told) for option in used), (used, told)


def test_the_pictures_of_the_readme_exist() -> None:
    for path in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / path).exists(), path


def test_every_package_has_a_readme_of_one_page() -> None:
    for package in ("analyzers", "indexer", "search", "ui", "bench", "deploy"):
        lines = (ROOT / package / "README.md").read_text(encoding="utf-8").splitlines()
        assert 3 <= len(lines) <= 80, package
