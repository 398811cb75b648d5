"""The rules: catalogue, run, report, findings, and what is said of each."""
