"""Linked files: the school census, prior attainment and inspection outcomes. Reads bytes; no SQL and no matching."""
