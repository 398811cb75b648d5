"""Made-up returns: plausible, deterministic, of any size, clean or with known defects. No real child is in them."""
