"""Rows to files and text: CSV, Excel, JSON, the command line."""
