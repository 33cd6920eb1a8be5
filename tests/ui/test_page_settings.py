"""Settings of the page: which place wins, and one line for what cannot be used."""

import socket
from pathlib import Path

import pytest

from analyzers.error import SettingsError
from ui.running import PortTaken, find_port, is_loopback
from ui.settings import UiSettings, read_settings


def test_a_flag_wins_over_the_environment_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "shotseek.toml"
    file.write_text('[ui]\nport = 1\nhost = "::1"\napi = "http://file:1"\n[serve]\nport = 9\n')
    named = {"SHOTSEEK_SETTINGS": str(file)}
    variables = {"SHOTSEEK_UI_PORT": "2", "SHOTSEEK_UI_API": "http://environment:1", "HOME": "/"}
    assert read_settings({}, named) == UiSettings(port=1, host="::1", api="http://file:1")
    assert read_settings({"port": 3, "host": None}, named | variables) == UiSettings(
        port=3, host="::1", api="http://environment:1"
    )


def test_settings_travel_through_the_environment(tmp_path: Path) -> None:
    settings = UiSettings(api="http://a:1/b", port=5, token_file=tmp_path / "token")
    assert read_settings({}, settings.environment()) == settings


@pytest.mark.parametrize(
    ("flags", "environment", "named"),
    [
        ({"api": "ftp://x"}, {}, "'api'"),
        ({"public_api": "localhost:8000"}, {}, "'public_api'"),
        ({}, {"SHOTSEEK_UI_PORT": "many"}, "'port'"),
        ({}, {"SHOTSEEK_UI_COLOUR": "red"}, "SHOTSEEK_UI_COLOUR"),
        ({"port": 70000}, {}, "'port'"),
    ],
)
def test_one_line_names_what_is_wrong(
    flags: dict[str, object], environment: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError, match=named) as raised:
        read_settings(flags, environment)
    assert "\n" not in str(raised.value)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "shotseek.toml"
    file.write_text("ui = 5")
    with pytest.raises(SettingsError, match="is a table"):
        read_settings({}, {"SHOTSEEK_SETTINGS": str(file)})
    file.write_text("[ui")
    with pytest.raises(SettingsError, match=r"shotseek\.toml"):
        read_settings({}, {"SHOTSEEK_SETTINGS": str(file)})


def test_the_token_comes_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    with pytest.raises(SettingsError, match="cannot be read"):
        UiSettings(token_file=file).read_token()
    file.write_text("\n")
    with pytest.raises(SettingsError, match="is empty"):
        UiSettings(token_file=file).read_token()
    file.write_text(" secret \n")
    assert UiSettings(token_file=file).read_token() == "secret"
    assert UiSettings().read_token() is None


def test_a_port_that_is_taken_is_named() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(PortTaken, match="choose another"),
    ):
        find_port(UiSettings(port=taken.getsockname()[1]))
    assert find_port(UiSettings(port=0)) > 0


def test_loopback() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("example.org")
