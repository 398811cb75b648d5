"""The rules: catalogue, run, report, findings, and the text about each."""
