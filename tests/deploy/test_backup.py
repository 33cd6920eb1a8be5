"""Back up and restore as the runbook says, on a real collection, also while it is being filled."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.people.people import open_people
from indexer.people.person import Place

Run = Callable[..., Any]
BACKUP = Path(__file__).resolve().parents[2] / "deploy" / "backup.py"
COMMAND = Path(sys.executable).with_name("shotseek")
FLAGS = ("--encoder", "toy", "--analyzers", "toy,colours,container")


def back_up(collection: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-W", "error", str(BACKUP), str(collection), str(target)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def filled(shotseek: Run, plain_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    c = tmp_path_factory.mktemp("filled") / "c"
    assert shotseek("index", plain_videos, "--collection", c, *FLAGS).code == 0
    return c


def search(shotseek: Run, collection: Path) -> list[Any]:
    found = shotseek("search", "green", "--collection", collection, "--json").json["hits"]
    assert found
    return found


def runbook_lines(title: str) -> list[str]:
    """The commands of a section, but those for containers."""
    section = (BACKUP.parent / "RUNBOOK.md").read_text(encoding="utf-8").split(f"## {title}\n")[1]
    lines = section.split("```")[1].strip().splitlines()
    return [line.split(" #")[0].strip() for line in lines if not line.startswith("docker")]


def test_what_is_restored_as_the_runbook_says_finds_the_same(
    shotseek: Run, filled: Path, tmp_path: Path
) -> None:
    backup, restored = str(tmp_path / "backup"), str(tmp_path / "restored")
    places = {"C": str(filled), "/srv/backup/C": backup, "NEW": restored}
    tools = {"python": sys.executable, "shotseek": str(COMMAND), "deploy/backup.py": str(BACKUP)}
    lines = runbook_lines("Back up") + runbook_lines("Restore")
    assert [line.split()[0] for line in lines] == ["python", "cp", *["shotseek"] * 3]
    for line in lines[:-1]:  # the last one serves
        words = [(places | tools).get(word, word) for word in line.split()]
        ran = subprocess.run(words, capture_output=True, text=True, timeout=100)
        assert ran.returncode == 0, (line, ran.stdout, ran.stderr)
    assert lines[-1] == "shotseek serve --collection NEW --port 0"
    assert not Path(backup, "indexes").exists()
    assert search(shotseek, Path(restored)) == search(shotseek, filled)


def test_a_second_backup_copies_what_is_new_and_forgets_what_is_gone(
    shotseek: Run, filled: Path, tmp_path: Path
) -> None:
    c, target = tmp_path / "c", tmp_path / "backup"
    shutil.copytree(filled, c)
    back_up(c, target)
    assert ": 0 files copied" in back_up(c, target).stdout
    assert shotseek("remove", "red-green.mp4", "--collection", c).code == 0
    back_up(c, target)
    kept = {p.relative_to(target) for p in target.rglob("*.parquet")}
    assert kept == {p.relative_to(c) for p in c.rglob("*.parquet") if "indexes" not in p.parts}
    assert shotseek("status", "--collection", target, "--json").json["videos"] == 2


def test_a_backup_holds_what_was_said_of_persons(filled: Path, tmp_path: Path) -> None:
    c, target = tmp_path / "c", tmp_path / "backup"
    shutil.copytree(filled, c)
    with open_people(c, writing=True) as people:
        people.create_person([Place("v", 1, (0.1, 0.1, 0.2, 0.2))], "Ann")
        assert back_up(c, target).returncode == 0
        people.forget("Ann")
        with open_people(target) as copied:
            assert [each.name for each in copied.find_persons()] == ["Ann"]
        assert back_up(c, target).returncode == 0
    with open_people(target) as copied:
        assert copied.find_persons() == []
        assert len(copied.find_tombstones()) == 1


def test_a_backup_made_while_videos_are_added_is_sound(
    shotseek: Run, filled: Path, plain_videos: Path, tmp_path: Path
) -> None:
    c, more = tmp_path / "c", tmp_path / "more"
    shutil.copytree(filled, c)
    more.mkdir()
    for number in range(12):
        copy = more / f"{number}.mp4"
        shutil.copy(plain_videos / "blue-white.mp4", copy)
        with copy.open("ab") as file:  # another file, the same film
            file.write(b"\0\0\0\x08free" * (number + 1))
    words = ["index", str(more), "--collection", str(c), *FLAGS]
    adding = subprocess.Popen([sys.executable, "-m", "shotseek", *words], stdout=subprocess.DEVNULL)
    videos = []
    try:
        while adding.poll() is None:
            target = tmp_path / f"backup-{len(videos)}"
            assert back_up(c, target).returncode == 0
            videos.append(target)
    finally:
        adding.kill()
        adding.wait()
    assert videos
    for target in videos[:: max(1, len(videos) // 3)]:
        assert shotseek("rebuild", "--collection", target).code == 0
        checked = shotseek("check", "--collection", target)
        assert checked.code == 0, checked.out


@pytest.mark.parametrize("words", [(), ("one",), ("--help",)])
def test_wrong_usage_is_one_line(words: tuple[str, ...]) -> None:
    ran = subprocess.run([sys.executable, str(BACKUP), *words], capture_output=True, text=True)
    assert ran.returncode == 2
    assert ran.stderr == "usage: python backup.py COLLECTION TARGET\n"


def test_what_is_no_collection_is_refused(filled: Path, tmp_path: Path) -> None:
    assert "no collection.json" in back_up(tmp_path, tmp_path / "b").stderr
    assert "within the collection" in back_up(filled, filled / "b").stderr
