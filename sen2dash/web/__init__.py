"""The server around the pages: requests, the data that a visit holds, and how that data is deleted."""
