"""Copies the truth of a collection to another folder, while indexing and searching go on.

    python backup.py COLLECTION TARGET

Run again, it copies only what is new. Needs Python alone, so that it also runs inside the images.
The search files (`indexes`) are left out: `shotseek rebuild` makes them anew. A catalog that lies
in PostgreSQL is not in the folder: back it up with pg_dump (RUNBOOK.md). Knows nothing of what the
files hold.
"""

import fcntl
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

LEFT_OUT = {"indexes", "incoming", "writer.lock"}


def main() -> int:
    """Back up; 0 all good, 2 wrong usage or a file that cannot be read or written."""
    if len(sys.argv) != 3 or sys.argv[1].startswith("-"):
        sys.stderr.write("usage: python backup.py COLLECTION TARGET\n")
        return 2
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    if not (source / "collection.json").is_file():
        sys.stderr.write(f"backup: {source} is no collection: it holds no collection.json\n")
        return 2
    if target.resolve().is_relative_to(source.resolve()):
        sys.stderr.write(f"backup: {target} lies within the collection; name another folder\n")
        return 2
    try:
        copied = back_up(source, target)
    except (OSError, sqlite3.Error, shutil.Error) as error:
        sys.stderr.write(f"backup: {error}\n")
        return 2
    sys.stdout.write(f"{target}: {copied} files copied\n")
    return 0


def back_up(source: Path, target: Path) -> int:
    """Copy what is new, then, for a moment without writers, what came meanwhile; the count."""
    target.mkdir(parents=True, exist_ok=True)
    copied = copy_new(source, target)  # takes long: writers go on
    with without_writers(source):
        copied += copy_new(source, target)
        for database in source.glob("*.sqlite"):
            copy_database(database, target / database.name)
    # Last, so that a backup that is broken off still holds what its older catalog names.
    remove_gone(source, target)
    return copied


@contextmanager
def without_writers(source: Path) -> Iterator[None]:
    """Hold the lock under which every commit is made; a writer waits two minutes for it."""
    with (source / "writer.lock").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def copy_new(source: Path, target: Path) -> int:
    """Copy the files that the target lacks or holds differently; their number."""
    copied = 0
    for path in find_files(source):
        copy = target / path.relative_to(source)
        try:
            if not is_same(path, copy):
                copy.parent.mkdir(parents=True, exist_ok=True)
                part = copy.with_name(f".{copy.name}.part")
                shutil.copy2(path, part)
                part.replace(copy)
                copied += 1
        except FileNotFoundError:
            if path.exists():
                raise
            # A writer removed it meanwhile: the catalog, copied last, does not name it.
    return copied


def copy_database(path: Path, copy: Path) -> None:
    """Copy a SQLite file with all that its log holds."""
    part = copy.with_name(f".{copy.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as whole, closing(sqlite3.connect(part)) as new:
        whole.backup(new)
    part.replace(copy)


def remove_gone(source: Path, target: Path) -> None:
    """Remove from the target what the collection no longer has."""
    for path in list(find_files(target)):
        if not (source / path.relative_to(target)).exists():
            path.unlink()


def find_files(folder: Path) -> Iterator[Path]:
    """All files but databases, locks, search files and what is half written."""
    for place, folders, names in os.walk(folder):
        if Path(place) == folder:
            folders[:] = [name for name in folders if name not in LEFT_OUT]
        for name in names:
            if name not in LEFT_OUT and ".sqlite" not in name:
                yield Path(place, name)


def is_same(path: Path, copy: Path) -> bool:
    """Whether a copy is as long and as old as the file."""
    if not copy.exists():
        return False
    one, other = path.stat(), copy.stat()
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


if __name__ == "__main__":
    sys.exit(main())
