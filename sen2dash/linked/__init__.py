"""Linked files matched with a return: who is matched, and the figures that come of it. Never changes the return."""
