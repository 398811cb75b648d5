"""What a figures page shows, worked out for one selection. One module a page."""
