"""The database of one return. The only package that names DuckDB."""
