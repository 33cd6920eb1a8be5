"""The writer's lock: one process at a time changes a collection, for the length of one commit.

A lock of the operating system on the file `writer.lock`: it ends with the process that holds it,
however that ends. The file stays; it names the last holder. Knows nothing of what is written.
"""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from analyzers.error import SettingsError
from indexer.error import CollectionBusy

LOCK_NAME = "writer.lock"
WAIT_S = 120.0  # a commit takes seconds at most; an upgrade of a large catalog may take longer
TELL_AFTER_S = 2.0
POLL_S = 0.01

logger = logging.getLogger(__name__)


@contextmanager
def writer_lock(folder: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the writer's lock of a collection; not to be taken twice by one thread.

    Raises:
        CollectionBusy: another process held it for `wait_s` seconds.
        SettingsError: the folder may not be written to.
    """
    with _open(folder) as file:
        _acquire(file, folder, wait_s)
        try:
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def _open(folder: Path) -> IO[str]:
    try:
        return (folder / LOCK_NAME).open("a+")
    except OSError as error:
        raise SettingsError(f"{folder}: may not be written to: {error.strerror}") from error


def _acquire(file: IO[str], folder: Path, wait_s: float) -> None:
    started = time.monotonic()
    told = False
    while not try_lock(file):
        waited = time.monotonic() - started
        if waited >= wait_s:
            raise CollectionBusy(
                f"{folder}: process {_holder(file)} has been writing for {wait_s:.0f} s; "
                "wait for it, or end it, and run the command again"
            )
        if waited >= TELL_AFTER_S and not told:
            logger.warning("%s: waiting for process %s, which writes", folder, _holder(file))
            told = True
        time.sleep(POLL_S)


def try_lock(file: IO[str]) -> bool:
    """Lock an open file for this holder alone, if nobody else holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: IO[str]) -> str:
    file.seek(0)
    return file.read().strip() or "unknown"
