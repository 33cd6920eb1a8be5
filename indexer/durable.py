"""Files that are there wholly or not at all, also after a crash of the machine."""

import os
from pathlib import Path

TEMPORARY = ".*.tmp"  # pattern of the names that `write_durably` gives at first


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file in one step: under a temporary name beside it, synced, renamed.

    Nothing is left of it where it is broken off, as by Ctrl-C.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Return when the content of a file lies on the disk."""
    _sync(path, os.O_RDONLY)


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder lie on the disk."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
