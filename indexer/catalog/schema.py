"""The version of the catalog's tables: making them, bringing older ones up to date.

Alembic is imported only where there is something to do: opening an up-to-date catalog asks one
question.
"""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from indexer.catalog.engine import Database
from indexer.catalog.tables import SCHEMA
from indexer.error import CollectionTooNew

MIGRATIONS = Path(__file__).with_name("migrations")
VERSIONS = sa.table("alembic_version", sa.column("version_num"))


def read_version(database: Database) -> str | None:
    """The version of the tables; None where there are none."""
    with database.reading() as connection:
        if not sa.inspect(connection).has_table(VERSIONS.name):
            return None
        return connection.scalar(sa.select(VERSIONS.c.version_num))


def is_current(version: str | None, name: str) -> bool:
    """Whether nothing has to be done.

    Raises:
        CollectionTooNew: this shotseek does not know the version.
    """
    if version is not None and version > SCHEMA:
        raise CollectionTooNew(
            f"{name}: its catalog has version {version}, this shotseek knows {SCHEMA}; "
            "use a newer shotseek"
        )
    return version == SCHEMA


def upgrade(database: Database, schema: str | None) -> None:
    """Bring the tables to the newest version in one transaction; `schema` is made if not there.

    To be called under the writer's lock.
    """
    with database.writing() as connection:
        if schema is not None:
            connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
