"""Compare two returns: match people and rows, find changes, and say what happened to the findings. Draws nothing."""
