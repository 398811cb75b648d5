"""The server around the pages: what comes in, what a visit holds, and its end."""
