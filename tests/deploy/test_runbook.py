"""The runbook and the page about deploy/ are true: verbs, options, files, services."""

import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
PAGES = {name: (DEPLOY / name).read_text(encoding="utf-8") for name in ("RUNBOOK.md", "README.md")}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERBS = set(PROJECT["entry-points"]["shotseek.verbs"])
SERVICES = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
ENTRY = r"docker compose run --rm index ((?:index|status|rebuild|check|remove|models) [^`\n]+)"


def commands() -> list[str]:
    """Every command of ours that is shown, also those that run in a container."""
    text = "\n".join(PAGES.values())
    found = re.findall(r"`shotseek ([^`]+)`", text)
    found += re.findall(r"^shotseek (.+)$", text, re.MULTILINE)
    found += re.findall(ENTRY, text)
    return sorted({command.split(" #")[0].strip() for command in found})


def compose_lines() -> list[str]:
    return re.findall(r"docker compose ([^`\n]+)", "\n".join(PAGES.values()))


def test_there_are_commands_to_check() -> None:
    assert len(commands()) >= 15


@pytest.mark.parametrize("command", commands())
def test_commands_use_options_that_exist(command: str, shotseek: Callable[..., Any]) -> None:
    words = shlex.split(command)
    assert words[0] in VERBS
    told = shotseek(
        *words[: 2 if words[0] in ("models", "persons") else 1], "--help", env={"COLUMNS": "200"}
    )
    for option in (word for word in words if re.match(r"--?[a-z]", word)):
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", told.out), option


@pytest.mark.parametrize("line", compose_lines())
def test_compose_is_asked_for_services_and_profiles_that_exist(line: str) -> None:
    profiles = {one for service in SERVICES.values() for one in service.get("profiles", [])}
    assert set(re.findall(r"--profile (\w+)", line.split(" index ")[0])) <= profiles
    verb = re.sub(r"^--profile \w+ ", "", line).split(" #")[0].split()
    assert verb[0] in {"build", "run", "up", "ps", "logs", "exec"}
    if verb[0] in {"run", "exec", "logs"} or "--force-recreate" in verb:
        assert set(verb) & set(SERVICES), line


def test_options_that_are_only_named_exist(shotseek: Callable[..., Any]) -> None:
    told = shotseek("serve", "--help", env={"COLUMNS": "200"}).out
    named = re.findall(r"`(--[a-z-]+)[ `]", PAGES["RUNBOOK.md"])
    ours = {name for name in named if name not in {"--full"}}
    assert len(ours) >= 4
    assert all(name in told for name in ours), ours
    assert "--full" in shotseek("check", "--help", env={"COLUMNS": "200"}).out


def test_files_that_are_named_exist() -> None:
    for name, text in PAGES.items():
        for path in re.findall(r"\]\(([^)#]+)\)", text):
            assert (DEPLOY / path).exists(), (name, path)
        for path in re.findall(r"`((?:proxy|monitoring|images|systemd)/[\w.]+)`", text):
            assert (DEPLOY / path).exists(), (name, path)


def test_it_says_plainly_what_was_not_run() -> None:
    assert "**What was not run.** No Docker engine was at hand" in PAGES["RUNBOOK.md"]
    assert "never run" in PAGES["README.md"]


def test_everything_an_operator_gets_is_listed() -> None:
    listed = PAGES["README.md"]
    for path in DEPLOY.iterdir():
        if path.name not in {"README.md", ".gitignore", "secrets", ".env", "__pycache__"}:
            assert path.name in listed, path.name
