"""Made-up returns: plausible, deterministic, of any size, clean or with defects that are known. No real child is in them."""
