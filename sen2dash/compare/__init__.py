"""Two returns side by side: who is who, what has changed, what became of the findings. Draws nothing."""
