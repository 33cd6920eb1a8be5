"""What Alembic runs; the connection, with its transaction, comes from `schema.upgrade`."""

from alembic import context

from indexer.catalog.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes tables by copying them
)
context.run_migrations()
