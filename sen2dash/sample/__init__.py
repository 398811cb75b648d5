"""Made-up returns: plausible, deterministic, any size, clean or with known defects. They contain no real children."""
