import os
from pathlib import Path

import pytest

from analyzers.error import SettingsError
from indexer.filling.scanning import find_video_files, is_below


def test_folders_are_searched_for_known_suffixes_only(tmp_path: Path) -> None:
    for name in ("b.MP4", "a.gif", "notes.txt", ".hidden.mp4", "sub/c.webm", ".git/d.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [file.path.relative_to(tmp_path) for file in find_video_files([tmp_path])]
    assert found == [Path("a.gif"), Path("b.MP4"), Path("sub/c.webm")]


def test_a_file_that_is_named_is_tried_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "sound.mp3").write_bytes(b"12345")
    (file,) = find_video_files([tmp_path / "sound.mp3"])
    assert file.size_bytes == 5


def test_a_file_named_twice_is_found_once(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    assert len(find_video_files([tmp_path, tmp_path / "a.mp4", tmp_path / "." / "a.mp4"])) == 1


def test_typescript_is_no_transport_stream(tmp_path: Path) -> None:
    (tmp_path / "code.ts").write_text("export const x = 1;")
    (tmp_path / "film.ts").write_bytes(b"\x47\x40\x00\x10")
    assert [file.path.name for file in find_video_files([tmp_path])] == ["film.ts"]


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="gone"):
        find_video_files([tmp_path / "gone"])


def test_is_below_knows_folders_and_files() -> None:
    folder = Path("/videos/here")
    assert is_below(Path("/videos/here/a.mp4"), [folder])
    assert is_below(folder, [folder])
    assert not is_below(Path("/videos/hereafter/a.mp4"), [folder])


def test_what_cannot_be_looked_at_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.mp4").touch()
    (tmp_path / "gone.mp4").symlink_to(tmp_path / "nowhere.mp4")
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def refuse(path: str) -> object:  # tests may run as root, who may look everywhere
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    unreadable: list[tuple[Path, str]] = []
    found = find_video_files([tmp_path], unreadable)
    assert [file.path.name for file in found] == ["a.mp4"]
    assert unreadable == [(tmp_path / "closed", "Permission denied")]
