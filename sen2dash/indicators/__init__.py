"""The indicators: filters, running them, figures, and rounding for sharing."""
