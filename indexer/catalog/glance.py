"""A cheap look at a catalog in the collection's folder, without waking sqlalchemy."""

import sqlite3
from contextlib import closing
from pathlib import Path

CATALOG_FILE = "catalog.sqlite"


def glance_revision(folder: Path) -> int | None:
    """The collection's revision; None where the catalog is elsewhere or cannot be looked at."""
    file = folder / CATALOG_FILE
    if not file.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            row = database.execute("SELECT value FROM facts WHERE key = 'revision'").fetchone()
    except sqlite3.Error:
        return None
    return int(row[0]) if row else None
