"""The database of one return. Only this package names DuckDB."""
