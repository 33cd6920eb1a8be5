"""Example settings, units and proxies name what is there."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SETTINGS = (DEPLOY / "shotseek.toml").read_text(encoding="utf-8")
SETTING = re.compile(r"^# (\w+) = ?(.*?)(?:  +# .*)?$", re.MULTILINE)


def classes() -> dict[str, type[BaseModel]]:
    from indexer.settings import IndexSettings
    from search.api.settings import ServeSettings
    from ui.settings import UiSettings

    return {"index": IndexSettings, "serve": ServeSettings, "ui": UiSettings}


def section(name: str) -> str:
    return re.split(r"^\[\w+\]$", SETTINGS.split(f"[{name}]\n", 1)[1], flags=re.MULTILINE)[0]


@pytest.mark.parametrize("name", ["index", "serve", "ui"])
def test_every_setting_stands_there_with_its_default(name: str) -> None:
    told = dict(SETTING.findall(section(name)))
    fields = classes()[name].model_fields
    assert list(told) == list(fields)
    for key, field in fields.items():
        shown = told[key].strip()
        default = list(field.default) if isinstance(field.default, tuple) else field.default
        value = tomllib.loads(f"x = {shown}")["x"] if shown else None
        assert value == default, key


def test_the_file_is_read_as_it_is(shotseek: Callable[..., Any], tmp_path: Path) -> None:
    """By all three: none refuses the sections of the others."""
    (tmp_path / "shotseek.toml").write_text(SETTINGS, encoding="utf-8")
    named = {"SHOTSEEK_SETTINGS": str(tmp_path / "shotseek.toml")}
    nowhere = ("--collection", tmp_path / "nowhere")
    for ran in (
        shotseek("index", tmp_path / "none.mp4", *nowhere, "--profile", "demo", env=named),
        shotseek("serve", *nowhere, env=named),
    ):
        assert "setting" not in ran.err, ran.err
    from ui.settings import UiSettings, read_settings

    assert read_settings({}, {"SHOTSEEK_SETTINGS": str(tmp_path / "shotseek.toml")}) == UiSettings()


UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_units_are_hardened_and_use_options_that_exist(
    unit: Path, shotseek: Callable[..., Any]
) -> None:
    text = unit.read_text(encoding="utf-8")
    for line in ("User=shotseek", "NoNewPrivileges=yes", "ProtectSystem=strict"):
        assert line in text
    words = re.findall(r"^ExecStart=\S+/shotseek (.*)$", text, re.MULTILINE)[0].split()
    told = shotseek(words[0], "--help", env={"COLUMNS": "200"}).out
    for option in (word for word in words if word.startswith("--")):
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", told), option


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_understands_the_units() -> None:
    units = sorted((DEPLOY / "systemd").iterdir())
    ran = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=60
    )
    lines = [line for line in ran.stderr.splitlines() if "shotseek" in line]
    assert all("/opt/shotseek/bin/shotseek is not executable" in line for line in lines), lines


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_proxies_know_both_ports_and_have_balanced_braces(name: str) -> None:
    text = (DEPLOY / "proxy" / name).read_text(encoding="utf-8")
    assert "127.0.0.1:8000" in text
    assert "127.0.0.1:8501" in text
    code = re.sub(r"#.*", "", text)
    assert code.count("{") == code.count("}")


def test_nginx_passes_the_websocket_on_and_takes_the_prefix_away() -> None:
    text = (DEPLOY / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    assert "proxy_set_header Upgrade $http_upgrade;" in text
    assert "proxy_pass http://127.0.0.1:8000/;" in text
