"""The verb `serve`: where settings come from, what it refuses, how it ends."""

import base64
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from PIL import Image

from analyzers.error import LibraryMissing, SettingsError
from search.api.running import read_token, run_server
from search.api.settings import ServeSettings, read_serve_settings

COMMAND = Path(sys.executable).with_name("shotseek")
Start = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("empty_folder")
def test_flag_beats_environment_beats_file_beats_default() -> None:
    Path("shotseek.toml").write_text(
        '[serve]\nport = 1\nqueries = 2\ncors = ["http://a", "https://b:1"]\nbody_mb = 3\n'
        '[index]\nprofile = "demo"\n[ui]\nport = 3\n'
    )
    environment = {
        "SHOTSEEK_SERVE_PORT": "2",
        "SHOTSEEK_SERVE_QUERIES": "3",
        "SHOTSEEK_SERVE_MEDIA_ROOT": "'/a b=/c' /d=/e",
        "SHOTSEEK_DEVICE": "cuda",
        "SHOTSEEK_UI_PORT": "x",
    }
    settings = read_serve_settings({"port": 3, "host": None, "cors": ()}, environment)
    assert (settings.port, settings.queries, settings.body_mb) == (3, 3, 3.0)
    assert settings.cors == ("http://a", "https://b:1")
    assert settings.media_root == ("/a b=/c", "/d=/e")
    assert settings.device == ServeSettings().device == "auto"


@pytest.mark.usefixtures("empty_folder")
@pytest.mark.parametrize("field", ServeSettings.model_fields)
def test_every_setting_is_read_from_the_environment(field: str) -> None:
    samples = {"host": "::1", "device": "cpu", "media_root": "/a=/b", "cors": "http://a"}
    samples["first_pass"] = "never"
    text = samples.get(field, "12")
    settings = read_serve_settings({}, {f"SHOTSEEK_SERVE_{field.upper()}": text})
    assert getattr(settings, field) != getattr(ServeSettings(), field)


@pytest.mark.usefixtures("empty_folder")
@pytest.mark.parametrize(
    ("text", "environment", "told"),
    [
        ("[serve]\nprot = 1\n", {}, r"shotseek.toml \[serve\]: unknown setting 'prot'.*'port'"),
        ("serve = 1\n", {}, "write .serve. above"),
        ("[server]\n", {}, "nearest is 'serve'"),
        ("", {"SHOTSEEK_SERVE_QUERY": "1"}, "SHOTSEEK_SERVE_QUERY.*queries"),
        ("", {"SHOTSEEK_SERVE_PORT": "70000"}, "port"),
        ("", {"SHOTSEEK_SERVE_BODY_MB": "nan"}, "body_mb"),
        ("", {"SHOTSEEK_SERVE_FIRST_PASS": "yes"}, "first_pass.*'auto', 'always' or 'never'"),
        ("", {"SHOTSEEK_SERVE_QUERY_SECONDS": "inf"}, "query_seconds"),
        ("", {"SHOTSEEK_SERVE_CORS": "films.example"}, "an origin is"),
        ("", {"SHOTSEEK_SERVE_CORS": "'http://a"}, "SHOTSEEK_SERVE_CORS"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, environment: dict[str, str], told: str) -> None:
    Path("shotseek.toml").write_text(text)
    with pytest.raises(SettingsError, match=told):
        read_serve_settings({}, environment)


@pytest.mark.usefixtures("empty_folder")
def test_index_lets_the_settings_of_others_pass() -> None:
    from indexer.settings import read_settings

    Path("shotseek.toml").write_text('[serve]\nport = 1\n[ui]\nx = 1\n[index]\nshots = "x"\n')
    environment = {
        "SHOTSEEK_SERVE_PORT": "1",
        "SHOTSEEK_UI_API": "x",
        "SHOTSEEK_TOKEN_FILE": "x",
        "SHOTSEEK_DEVICE": "cpu",
    }
    assert read_settings({}, environment).shots == "x"


def test_every_setting_is_a_flag_that_is_explained(shotseek: Callable[..., Any]) -> None:
    told = shotseek("serve", "--help", env={"COLUMNS": "250"}).out
    for name, field in ServeSettings.model_fields.items():
        line = next(one for one in told.splitlines() if f"--{name.replace('_', '-')} " in one)
        if isinstance(field.default, int | float) or name == "host":
            assert f"{field.default}" in line, line


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::ffff:0.0.0.0"])
def test_others_than_this_machine_need_a_token(
    shotseek: Callable[..., Any], small_collection: Path, host: str
) -> None:
    ran = shotseek("serve", "-c", small_collection, "--host", host, "--port", 0)
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "openssl rand -hex 32" in ran.err


TOKENS = [
    (None, "No such file"),
    (b"", "empty"),
    (b" \n", "empty"),
    (b"short\n", "16 characters"),
    (b"two words of a token that is long\n", "one word"),
    (b"a-first-line-of-the-file\na-second-one\n", "one word"),
    ("ein-Schlüssel-der-länger-ist".encode(), "ASCII"),
    (b"\x00" * 40, "one word"),
]


@pytest.mark.parametrize(("content", "told"), TOKENS)
def test_a_bad_token_file_is_told_with_the_remedy(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=told) as caught:
        read_token(ServeSettings(token_file=file))
    assert f"openssl rand -hex 32 > {file}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bad_token_file_ends_the_verb(
    shotseek: Callable[..., Any], small_collection: Path, tmp_path: Path
) -> None:
    flags = ["--port", 0, "--token-file", tmp_path]
    ran = shotseek("serve", "-c", small_collection, *flags)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_a_taken_port_is_told_in_one_line(
    shotseek: Callable[..., Any], small_collection: Path
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        ran = shotseek("serve", "-c", small_collection, "--port", taken.getsockname()[1])
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "Address already in use; choose another, or 0" in ran.err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"host": "no-such-host.invalid"}, "no-such-host.invalid"),
        ({"host": "192.0.2.1", "token_file": "token"}, "name an address of this machine"),
        ({"media_root": ("/a",)}, "OLD=NEW"),
        ({"queries": 0}, "queries"),
        ({"device": "gpu"}, "device"),
        ({"host": ""}, "host"),
    ],
)
def test_flags_that_cannot_be_used(
    small_collection: Path, empty_folder: Path, given: dict[str, Any], told: str
) -> None:
    (empty_folder / "token").write_text("x" * 32)
    with pytest.raises(SettingsError, match=told):
        run_server(small_collection, read_serve_settings({"port": 0, **given}, {}))


def test_a_missing_collection_ends_as_with_other_verbs(
    shotseek: Callable[..., Any], tmp_path: Path
) -> None:
    ran = shotseek("serve", "-c", tmp_path / "none", "--port", 0)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "Traceback" not in ran.err


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Run the verb as a process: `process, said = start(folder, flags...)`."""
    running = []

    def begin(folder: Path, *flags: object) -> tuple[subprocess.Popen[str], str]:
        line = [COMMAND, "serve", "-c", folder, "--port", 0, "--cache", tmp_path, *flags]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            [*map(str, line)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        running.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline() + process.stdout.readline()

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def address_in(said: str) -> str:
    found = re.search(r"http://\S+", said)
    assert found is not None, said
    return found[0]


def wait_until_it_answers(address: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            urlopen(f"{address}/healthz", timeout=5).close()
            return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_signals_end_it_soon_though_clients_hang(
    start: Start, small_collection: Path, number: int, code: int
) -> None:
    process, said = start(small_collection)
    assert "3 videos" in said
    assert "not signed" in said
    address = address_in(said)
    wait_until_it_answers(address)
    host, port = address.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)))) as hanging:
        hanging.sendall(
            b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
        )
        time.sleep(0.3)
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(15) == code
    assert time.monotonic() - began < 8
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()


def test_a_signal_ends_it_soon_though_a_query_is_at_work(
    start: Start, small_collection: Path
) -> None:
    """Unpacking so many large pictures takes far longer than the process is given to end."""
    process, said = start(small_collection, "--body-mb", 100, "--query-seconds", 300)
    address = address_in(said)
    buffer = io.BytesIO()
    Image.new("RGB", (7000, 7000)).save(buffer, "PNG")
    picture = base64.b64encode(buffer.getvalue()).decode()
    leaves = [{"kind": "image", "picture": picture, "name": str(n)} for n in range(64)]
    body = json.dumps({"root": {"kind": "any_of", "children": leaves}}).encode()
    head = f"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    wait_until_it_answers(address)
    host, port = address.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)))) as line:
        line.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n" + body)
        time.sleep(2)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert time.monotonic() - began < 8
    assert process.stderr is not None
    assert "left while requests were still being answered" in process.stderr.read()


def test_a_token_and_another_address(start: Start, small_collection: Path, tmp_path: Path) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 loopback here")
    file = tmp_path / "token"
    file.write_text("0123456789abcdef\n")
    _, said = start(small_collection, "--host", "::1", "--token-file", file)
    assert "http://[::1]:" in said
    assert "are signed" in said


def test_localhost_needs_no_token(start: Start, small_collection: Path) -> None:
    _, said = start(small_collection, "--host", "localhost")
    wait_until_it_answers(address_in(said))


@pytest.mark.parametrize("name", ["fastapi", "uvicorn", "av"])
def test_a_missing_library_is_named(
    monkeypatch: pytest.MonkeyPatch, small_collection: Path, name: str
) -> None:
    monkeypatch.setitem(sys.modules, name, None)  # as if it were not installed
    with pytest.raises(LibraryMissing, match=rf"needs {name}: pip install 'shotseek\[serve\]'"):
        run_server(small_collection, ServeSettings(port=0))
