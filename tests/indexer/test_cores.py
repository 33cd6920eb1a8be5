"""How many cores are taken, where a container is granted fewer than the machine has."""

from math import inf
from pathlib import Path

import pytest

from indexer.generations import cores


def group(folder: Path, limit: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cpu.max").write_text(f"{limit}\n")


def named(folder: Path, name: str) -> Path:
    own = folder / "own"
    own.write_text(f"4:memory:/other\n0::{name}\n")
    return own


@pytest.mark.parametrize(("limit", "share"), [("150000 100000", 1.5), ("max 100000", inf)])
def test_a_container_sees_its_own_group_alone(limit: str, share: float, tmp_path: Path) -> None:
    group(tmp_path / "groups", limit)
    for name in ("/", "/docker/not-mounted-here"):
        assert cores.read_share(tmp_path / "groups", named(tmp_path, name)) == share


def test_the_least_of_all_groups_around_counts(tmp_path: Path) -> None:
    for name, limit in (("a", "400000 100000"), ("a/b", "200000 50000"), ("a/b/c", "max 100000")):
        group(tmp_path / "groups" / name, limit)
    group(tmp_path / "groups" / "d", "100000 100000")
    assert cores.read_share(tmp_path / "groups", named(tmp_path, "/a/b/c")) == 4


def test_without_control_groups_there_is_no_limit(tmp_path: Path) -> None:
    assert cores.read_share(tmp_path / "none", tmp_path / "none") == inf
    (tmp_path / "own").write_text("4:cpu:/docker\n")
    assert cores.read_share(tmp_path / "none", tmp_path / "own") == inf


@pytest.mark.parametrize(
    ("bound", "share", "count"),
    [(64, 2.0, 2), (64, 1.5, 2), (64, 0.1, 1), (4, 8.0, 4), (3, inf, 3)],
)
def test_no_more_cores_are_taken_than_both_allow(
    bound: int, share: float, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cores, "_count_bound", lambda: bound)
    monkeypatch.setattr(cores, "_find_share", lambda: share)
    assert cores.count_cores() == count
