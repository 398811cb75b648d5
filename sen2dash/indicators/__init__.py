"""The indicators: filters, run, figures, and the counts that are rounded for sharing."""
