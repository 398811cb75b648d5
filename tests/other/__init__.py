"""Returns that are not XML: read, joined, refused, and written as XML."""
