"""compose.yaml: well formed, closed to the outside, and true to the code."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("search", "ui", "index")
TEXT = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")


def test_it_holds_what_the_runbook_speaks_of() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "prometheus", "grafana"}
    profiles = {name: one.get("profiles") for name, one in SERVICES.items()}
    assert profiles == {
        "search": None,
        "ui": None,
        "index": ["index"],
        "postgres": ["postgres"],
        "prometheus": ["monitoring"],
        "grafana": ["monitoring"],
    }


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_hardened(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service.get("read_only", False) or name == "postgres"
    assert not service.get("privileged")
    assert re.search(r":[\w${}.:-]*\d", service["image"])
    assert "latest" not in service["image"]


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_bound_to_this_machine(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert re.match(r"(127\.0\.0\.1|\$\{BIND:-127\.0\.0\.1\}):", port)


@pytest.mark.parametrize("name", SERVICES)
def test_volumes_and_secrets_are_declared_and_files_exist(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        source = re.sub(r"\$\{[^}]*\}", "VARIABLE", volume).split(":")[0]
        if source.startswith("./"):
            assert (DEPLOY / source).exists()
            assert volume.endswith(":ro")
        elif source != "VARIABLE":
            assert source in COMPOSE["volumes"]
    assert set(SERVICES[name].get("secrets", [])) <= set(COMPOSE["secrets"])


def test_videos_are_never_written_to() -> None:
    mounts = [one for name in OURS for one in SERVICES[name].get("volumes", []) if "VIDEOS" in one]
    assert len(mounts) == 2
    assert all(mount.endswith(":/videos:ro") for mount in mounts)


def test_every_variable_is_explained_and_every_explained_one_is_used() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    lines = (DEPLOY / ".env.example").read_text(encoding="utf-8").splitlines()
    told = {line.split("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)}
    assert used == told
    assert not any(name.startswith("SHOTSEEK") for name in told)


@pytest.mark.parametrize("name", OURS)
def test_the_commands_use_options_that_exist(name: str, shotseek: Callable[..., Any]) -> None:
    verb, *words = SERVICES[name]["command"]
    told = shotseek(verb, "--help", env={"COLUMNS": "200"}).out
    for option in (word for word in words if word.startswith("-")):
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", told), option


@pytest.mark.parametrize("name", OURS)
def test_images_are_built_from_files_that_exist(name: str) -> None:
    build = SERVICES[name]["build"]
    root = (DEPLOY / build["context"]).resolve()
    dockerfile = (root / build["dockerfile"]).read_text(encoding="utf-8")
    for argument in build["args"]:
        assert f"ARG {argument}" in dockerfile


def test_the_page_gets_no_collection_and_no_video() -> None:
    assert "volumes" not in SERVICES["ui"]
    assert "--public-api" in SERVICES["ui"]["command"]
