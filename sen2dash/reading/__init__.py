"""From bytes to column batches: the return, and the files that may be read beside it."""
