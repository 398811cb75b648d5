"""Changes to the tables of the archive, one file each, run by alembic when an archive is opened or prepared."""
