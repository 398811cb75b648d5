"""What is kept beyond a visit: the encrypted working file."""
