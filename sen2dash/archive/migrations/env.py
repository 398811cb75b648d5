"""Runs the changes on the connection that `database` opened, in its transaction. Alembic loads this file."""

from alembic import context

from sen2dash.archive.tables import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
