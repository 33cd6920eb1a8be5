"""Where files are written before they are named: one folder per commit, `incoming/<token>/`.

A file is written and synced here, without any lock, and moved to its place under the writer's lock.
Whoever writes holds a lock on the folder's file `alive`, so that a folder left by a process that
died is told from one in use. Knows no catalog.

Pictures are moved to their place after the catalog's transaction has named the token: until then
those of the video's older content are needed. When the process dies between the two, the next
writer moves them (`Staging.dead_folders`).
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import IO
from urllib.parse import quote

from indexer.durable import sync_file, sync_folder
from indexer.lock import try_lock
from indexer.records import FileKind, KeyframePictures, StoredFile

INCOMING = "incoming"
PICTURES = "keyframes"
ALIVE = "alive"


@dataclass(frozen=True)
class StagedFile:
    """A Parquet file that was written but has no place yet."""

    path: Path
    kind: FileKind
    owner: str
    sha256: str
    rows: int

    def place(self, uid: str) -> StoredFile:
        """How the catalog names it as a file of the video with this uid."""
        name = f"{self.kind}/{folder_name(self.owner)}/{uid}.{self.sha256[:8]}.parquet"
        return StoredFile(self.kind, self.owner, name, self.sha256, self.rows)


class Staging:
    """One commit's folder; a context manager removes it with what is left in it."""

    def __init__(self, collection: Path) -> None:
        self._collection = collection
        self.folder, self._alive = _make_folder(collection / INCOMING)
        self.files: list[StagedFile] = []
        self.has_pictures = False

    @property
    def token(self) -> str:
        """The folder's name; the catalog keeps it beside the video whose pictures are here."""
        return self.folder.name if self.has_pictures else ""

    def next_path(self) -> Path:
        """Where to write the next file."""
        return self.folder / f"{len(self.files)}.parquet"

    def add(self, kind: FileKind, owner: str, rows: int) -> StagedFile:
        """Take the file that was written to `next_path`; sync it."""
        path = self.next_path()
        sync_file(path)
        self.files.append(StagedFile(path, kind, owner, file_sha256(path), rows))
        return self.files[-1]

    def write_pictures(self, pictures: Iterable[KeyframePictures]) -> None:
        """Write pictures as they come; they are derived, so they are not synced one by one."""
        for each in pictures:
            if not self.has_pictures:
                (self.folder / PICTURES).mkdir()
                self.has_pictures = True
            large, small = picture_names(each.time_ms)
            (self.folder / PICTURES / large).write_bytes(each.large)
            (self.folder / PICTURES / small).write_bytes(each.small)

    def place(self, staged: Iterable[StagedFile], uid: str) -> list[StoredFile]:
        """Move files to their places, durably; to be called under the writer's lock."""
        stored = []
        for file in staged:
            stored.append(file.place(uid))
            target = self._collection / stored[-1].path
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(file.path, target)
        for folder in {(self._collection / file.path).parent for file in stored}:
            sync_folder(folder)
            sync_folder(folder.parent)
        return stored

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._alive.close()


def dead_folders(collection: Path) -> Iterator[Path]:
    """Folders of processes that died; each is removed after the caller has looked at it."""
    incoming = collection / INCOMING
    if not incoming.is_dir():
        return
    for folder in sorted(incoming.iterdir()):
        try:
            alive = (folder / ALIVE).open("a+")
        except FileNotFoundError:
            continue  # its owner has just finished
        with alive:
            if try_lock(alive):
                yield folder
                shutil.rmtree(folder, ignore_errors=True)


def install_pictures(collection: Path, staging: Path, uid: str) -> None:
    """Put the pictures of a staging folder in the place of a video's older ones.

    A folder without pictures only takes the older ones away. May be done again after a crash.
    """
    target, staged = collection / PICTURES / uid, staging / PICTURES
    if target.exists():
        os.replace(target, staging / f"old.{token_hex(4)}")
    if staged.exists():
        target.parent.mkdir(exist_ok=True)
        os.replace(staged, target)


def picture_names(time_ms: int) -> tuple[str, str]:
    """The names of the large and the small picture of a keyframe."""
    return f"{time_ms}.jpg", f"{time_ms}.small.jpg"


def folder_name(name: str) -> str:
    """The name of a space or analyzer as a folder's name."""
    quoted = quote(name, safe=" @+=,")
    return quoted if not quoted.startswith(".") else "%2E" + quoted[1:]


def file_sha256(path: Path) -> str:
    """The hash that the catalog keeps of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_folder(incoming: Path) -> tuple[Path, IO[str]]:
    """A new folder and its locked file; again if `dead_folders` was quicker than the lock."""
    while True:
        folder = incoming / token_hex(8)
        folder.mkdir(parents=True)
        try:
            alive = (folder / ALIVE).open("a+")
        except FileNotFoundError:
            continue
        if try_lock(alive) and (folder / ALIVE).exists():
            return folder, alive
        alive.close()
