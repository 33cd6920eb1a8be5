"""Makes and opens what a collection consists of: its folder, `collection.json`, its catalog."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analyzers.error import SettingsError
from indexer.catalog.address import is_same_database, parse_address, public_text
from indexer.catalog.catalog import Catalog
from indexer.collection_file import (
    DRAFT_NAME,
    CollectionFile,
    draft_collection_file,
    read_collection_file,
    write_collection_file,
)
from indexer.durable import sync_folder
from indexer.error import CatalogUnreachable, CollectionMissing
from indexer.lock import LOCK_NAME, writer_lock
from indexer.records import FileKind
from indexer.staging import INCOMING, PICTURES

FOLDERS = (FileKind.VECTORS, FileKind.TRACKS, PICTURES, INCOMING)


def create_collection(folder: Path, catalog_url: str | None) -> tuple[CollectionFile, Catalog]:
    """Open a collection; make it if there is none, or only the beginnings of one.

    `collection.json` is written last: a folder without it holds the beginnings at most. A folder
    that was made here goes again where the catalog is out of reach.
    """
    url = None if catalog_url is None else parse_address(catalog_url)
    public = None if url is None else public_text(url)
    is_made = _make_folder(folder)
    with writer_lock(folder), _unmade_if_unreachable(folder if is_made else None):
        is_new = False
        try:
            content = read_collection_file(folder)
        except CollectionMissing:
            content, is_new = draft_collection_file(folder, public), True
        recorded = None if content.catalog is None else parse_address(content.catalog)
        if url is not None and (recorded is None or not is_same_database(url, recorded)):
            raise SettingsError(
                f"{folder}: has its catalog in {content.catalog or 'its own folder'}; leave out "
                "--catalog, or name another folder"
            )
        with _closed_on_error(Catalog.at(folder, content.id, url or recorded)) as catalog:
            if is_new or not catalog.is_current():
                catalog.upgrade()
            if is_new:
                for name in FOLDERS:
                    (folder / name).mkdir(exist_ok=True)
                sync_folder(folder)
                write_collection_file(folder, content)
    return content, catalog


def open_collection(folder: Path) -> tuple[CollectionFile, Catalog]:
    """Open a collection that is there; bring the tables of an older one up to date."""
    content = read_collection_file(folder)
    url = None if content.catalog is None else parse_address(content.catalog)
    with _closed_on_error(Catalog.at(folder, content.id, url)) as catalog:
        if not catalog.is_current():
            with writer_lock(folder):
                catalog.upgrade()
    return content, catalog


@contextmanager
def _closed_on_error(catalog: Catalog) -> Iterator[Catalog]:
    try:
        yield catalog
    except BaseException:
        catalog.close()
        raise


@contextmanager
def _unmade_if_unreachable(folder: Path | None) -> Iterator[None]:
    """Remove the beginnings of a collection and its folder where its catalog is out of reach."""
    try:
        yield
    except CatalogUnreachable:
        if folder is not None:
            for name in (DRAFT_NAME, LOCK_NAME):
                (folder / name).unlink(missing_ok=True)
            with suppress(OSError):  # there is more in it
                folder.rmdir()
        raise


def _make_folder(folder: Path) -> bool:
    """Make a folder if it is not there; whether it was made."""
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise SettingsError(f"{folder}: is a file; name a folder for the collection") from error
    except OSError as error:
        raise SettingsError(f"{folder}: cannot be made: {error.strerror}") from error
    return is_new
