"""Rows to charts."""
