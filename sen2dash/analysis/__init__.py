"""Work out what a page of figures shows for one selection, with one module per page."""
