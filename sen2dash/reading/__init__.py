"""Turn bytes into column batches: the return, and the files that can be added to it."""
