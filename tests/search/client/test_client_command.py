"""The verb `search` with the address of an API instead of a folder: the same flags and answers."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from PIL import Image

import search.cli
import search.client.command
from analyzers.error import ShotseekError
from search.asking import Asked, build_options
from search.client.command import Remote, search_remotely

Shotseek = Callable[..., Any]
NO_UTF8 = "bad\udcff <b>&.mp4"
HEAVY = "torch torchvision open_clip transformers faiss sqlalchemy alembic pg8000 pyarrow av decord"
UNNEEDED = f"{HEAVY} PIL fastapi starlette uvicorn streamlit search.engine search.api"


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("picture") / "so red.png"
    Image.fromarray(np.full((40, 60, 3), (200, 20, 20), np.uint8)).save(path)
    return path


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory, picture: Path) -> Path:
    from search.leaves.image import ImageLeaf
    from search.query import Query

    path = tmp_path_factory.mktemp("tree") / "query.json"
    leaf = ImageLeaf.of(picture.read_bytes(), "mine")
    path.write_text(Query(root=leaf).model_dump_json())
    return path


WORDS = [
    ["red"],
    ["red", "--then", "green", "--within", "0:09", "-k", "2"],
    ["--where", "colour!=red", "--where", "duration<1:00", "--sort", "time", "--per-video", "1"],
    ["--like", f"{NO_UTF8}@0.5", "--group", "video", "--min-score", "0.2"],
    ["--where", f"video={NO_UTF8}"],
    ["green", "--image", "PICTURE", "--where", "COLOUR/RED", "--space", "toy"],
    ["green", "--image", "PICTURE", "--where", "colour/red>=1", "--space", "toy"],
    ["--image", "PICTURE", "--then", "green"],
    ["--query", "TREE", "-k", "1"],
    ["--face", "PICTURE"],
    ["--face", "PICTURE", "--face", "PICTURE", "--where", "does=: a walk", "--no-identity"],
    ["--where", "person=Ann", "--no-gaps"],
    ["--where", "does=Ann: a walk", "--extension", "off"],
    ["--where", "colur=red"],
    ["--where", "colour=rde"],
    ["--where", "label=no/such"],
    ["--where", "brightness=high"],
    ["red", "--within", "3"],
    ["red", "--like", "nowhere.mp4@1"],
    ["red", "--space", "tyo"],
    ["red", "--cursor", "x"],
    ["red", "--min-score", "nan"],
    ["red", "--distinct", "0.9", "-k", "3"],
    ["red", "--distinct", "2"],
    [" "],
    [],
    ["--query", "nowhere.json"],
    ["--image", "nowhere.png"],
]


def run(capsys: pytest.CaptureFixture[str], words: list[str]) -> tuple[str, str]:
    """Standard output of the verb, and what it refused, in this process."""
    app = typer.Typer()
    app.command()(search.cli.search)
    try:
        app(words, standalone_mode=False)
    except ShotseekError as error:
        return "", str(error)
    return capsys.readouterr().out, ""


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_an_api_answers_as_a_folder_does(
    capsys: pytest.CaptureFixture[str],
    api: str,
    odd_collection: Path,
    picture: Path,
    tree: Path,
    words: list[str],
) -> None:
    named = {"PICTURE": str(picture), "TREE": str(tree)}
    line = ["--json", *(named.get(word, word) for word in words), "--collection"]
    near, refused = run(capsys, [*line, str(odd_collection)])
    far, also_refused = run(capsys, [*line, api])
    assert also_refused == refused
    if near:
        one, other = json.loads(near), json.loads(far)
        assert list(one) == list(other)
        assert {**one, "took_ms": 0} == {**other, "took_ms": 0}
        assert one["hits"] or one["notes"]
        assert far.isascii()


def test_lines_are_the_same_too(shotseek: Shotseek, api: str, odd_collection: Path) -> None:
    near = shotseek("search", "green", "--collection", odd_collection)
    assert near.out
    assert shotseek("search", "green", "--collection", api).out == near.out


def test_a_cursor_of_one_is_good_for_the_other(
    shotseek: Shotseek, api: str, odd_collection: Path
) -> None:
    words = ("search", "red", "-k", 1, "--json")
    cursor = shotseek(*words, "-c", api).json["cursor"]
    near = shotseek(*words, "-c", odd_collection, "--cursor", cursor).json
    assert near["hits"] == shotseek(*words, "-c", api, "--cursor", cursor).json["hits"]
    gone = shotseek("search", "blue", "-c", api, "--cursor", cursor)
    said = "shotseek: the cursor is of another query: search again from the top\n"
    assert (gone.code, gone.err) == (2, said)


def test_many_hits_come_in_pages(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(where=("size>0",))
    whole = search_remotely(Remote(api), asked, build_options({"k": 4, "sort": "time"}))
    monkeypatch.setattr(search.client.command, "PAGE", 1)
    paged = search_remotely(Remote(api), asked, build_options({"k": 4, "sort": "time"}))
    assert (paged.hits, paged.cursor, paged.total) == (whole.hits, whole.cursor, whole.total)
    assert len(paged.hits) == 4


def test_a_token_comes_from_a_flag_or_the_environment(
    shotseek: Shotseek, guarded_api: str, token_file: Path, tmp_path: Path, odd_collection: Path
) -> None:
    line = ("search", "red", "-k", 1, "-c", guarded_api)
    assert shotseek(*line, "--token-file", token_file).code == 0
    assert shotseek(*line, env={"SHOTSEEK_TOKEN_FILE": str(token_file)}).code == 0
    lacking = shotseek(*line)
    assert lacking.err == f"shotseek: {guarded_api} asks for a token: --token-file FILE\n"
    wrong = tmp_path / "wrong"
    wrong.write_text("sesame")
    refused = shotseek(*line, "--token-file", wrong)
    assert refused.code == 2
    assert f"--token-file {wrong}: {guarded_api} does not know this token" in refused.err
    assert "sesame" not in refused.err
    assert "No such file" in shotseek(*line, "--token-file", tmp_path / "none").err
    (tmp_path / "empty").touch()
    assert "it is empty" in shotseek(*line, "--token-file", tmp_path / "empty").err
    folder = shotseek("search", "red", "-c", odd_collection, "--token-file", token_file)
    assert folder.err.startswith("shotseek: --token-file goes with the address of an API")


def test_what_is_no_picture_is_refused_by_its_flag(shotseek: Shotseek, api: str) -> None:
    ran = shotseek("search", "-c", api, "--image", __file__)
    assert ran.code == 2
    assert ran.err.startswith(f"shotseek: --image {__file__}: ")
    assert ran.err.count("\n") == 1


def test_who_is_not_there_is_told_in_one_line_and_soon(shotseek: Shotseek) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        before = time.monotonic()
        ran = shotseek("search", "red", "-c", url)
    assert time.monotonic() - before < 5
    said = f"shotseek: {url}: nothing listens there; is `shotseek serve` running?\n"
    assert (ran.code, ran.out, ran.err) == (2, "", said)


@pytest.mark.parametrize("url", ["ftp://host/c", "http://", "http://a b", "http://host/?a=1"])
def test_a_wrong_address_is_told_in_one_line(shotseek: Shotseek, url: str) -> None:
    ran = shotseek("search", "red", "-c", url)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "http://127.0.0.1:8000" in ran.err


def test_an_api_is_searched_without_anything_heavy(api: str, picture: Path) -> None:
    block = (
        "import sys\n"
        f"blocked = {UNNEEDED.split()!r}\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if any(name == one or name.startswith(one + '.') for one in blocked):\n"
        "            raise ImportError(name + ' is not wanted here')\n"
        "sys.meta_path.insert(0, Block())\n"
        "import shotseek; shotseek.main()"
    )
    words = ["search", "red", "--image", str(picture), "--where", "colour=red", "-c", api]
    done = subprocess.run(
        [sys.executable, "-c", block, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "été.mp4" in done.stdout
