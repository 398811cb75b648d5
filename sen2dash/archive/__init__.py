"""What is kept beyond a visit: the encrypted working file, and the archive of returns where one is switched on."""
