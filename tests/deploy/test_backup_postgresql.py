"""Back up and restore a collection whose catalog lies in a real PostgreSQL, as the runbook says."""

import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs, about XDG_RUNTIME_DIR
        pgserver = pytest.importorskip("pgserver", reason="pgserver is not installed")
        # As root the server runs as a user who may not look into pytest's folder.
        made = pgserver.get_server(Path(tempfile.mkdtemp(prefix="shotseek-pg-")), "delete")
    yield made
    made.cleanup()


def postgres_tool(name: str, *words: str) -> None:
    import pgserver

    tool = Path(pgserver.__file__).parent / "pginstall" / "bin" / name
    ran = subprocess.run([tool, *words], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr


def search(shotseek: Callable[..., Any], collection: Path) -> list[Any]:
    found = shotseek("search", "green", "--collection", collection, "--json").json["hits"]
    assert found
    return found


@pytest.mark.slow
def test_dump_and_folder_together_bring_everything_back(
    shotseek: Callable[..., Any], plain_videos: Path, tmp_path: Path, server: Any
) -> None:
    url, c, dump = server.get_uri(), tmp_path / "c", tmp_path / "catalog.dump"
    flags = ("--encoder", "toy", "--analyzers", "toy,colours", "--catalog", url)
    assert shotseek("index", plain_videos, "--collection", c, *flags).code == 0
    before = search(shotseek, c)

    postgres_tool("pg_dump", "--format=custom", f"--file={dump}", url)
    words = [sys.executable, ROOT / "deploy" / "backup.py", c, tmp_path / "backup"]
    assert subprocess.run(words, stdout=subprocess.DEVNULL).returncode == 0
    shutil.rmtree(c)
    for schema in schemas(server):
        server.psql(f'DROP SCHEMA "{schema}" CASCADE')
    assert not schemas(server)

    postgres_tool("pg_restore", "--clean", "--if-exists", f"--dbname={url}", str(dump))
    shutil.copytree(tmp_path / "backup", c)
    assert shotseek("rebuild", "--collection", c).code == 0
    checked = shotseek("check", "--full", "--collection", c)
    assert checked.code == 0, checked.out
    assert search(shotseek, c) == before


def schemas(server: Any) -> list[str]:
    """Those of collections."""
    asked = "SELECT '<' || nspname || '>' FROM pg_namespace WHERE nspname LIKE 'shotseek%'"
    return [part.split(">")[0] for part in server.psql(asked).split("<")[1:]]
