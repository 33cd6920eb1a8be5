"""The command line with the catalog in a real PostgreSQL: the same code, the same answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_a_collection_in_postgresql_is_filled_resumed_and_searched(
    shotseek: Run, plain_videos: Path, tmp_path: Path, postgresql_url: str
) -> None:
    c = tmp_path / "c"
    flags = ("--encoder", "toy", "--analyzers", "toy,colours", "--collection", c, "--json")
    first = shotseek("index", plain_videos, *flags, "--catalog", postgresql_url)
    assert first.code == 0, first.err
    again = shotseek("index", plain_videos, *flags)
    assert first.json["videos"]["added"] == again.json["videos"]["unchanged"] == 3
    hits = shotseek("search", "green", "--collection", c, "--json").json["hits"]
    assert {hit["video"] for hit in hits[:2]} == {"green.mp4", "red-green.mp4"}
    shots = shotseek("shots", "red-green.mp4", "--collection", c, "--json").json
    assert [shot["start_ms"] for shot in shots] == [0, 1600]
    assert not (c / "catalog.sqlite").exists()


def test_the_password_is_kept_nowhere(
    shotseek: Run, plain_videos: Path, tmp_path: Path, postgresql_url: str
) -> None:
    c = tmp_path / "c"
    url = postgresql_url.replace("postgres:@", "postgres:open-sesame@")
    flags = ("--encoder", "toy", "--analyzers", "none", "--collection", c, "--catalog", url)
    assert shotseek("index", plain_videos / "green.mp4", *flags).code == 0
    assert "catalog" in json.dumps(json.loads((c / "collection.json").read_text()))
    for path in c.rglob("*"):
        assert not path.is_file() or b"open-sesame" not in path.read_bytes()


def test_a_database_that_is_not_there_is_one_line(
    shotseek: Run, plain_videos: Path, tmp_path: Path
) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none"
    flags = ("--encoder", "toy", "--collection", tmp_path / "c", "--catalog", url)
    ran = shotseek("index", plain_videos, *flags)
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1
    assert "127.0.0.1" in ran.err
