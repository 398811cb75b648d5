"""The indicators: filters, run, figures, and the small numbers that are hidden for sharing."""
