"""sen2dash: check a SEN2 person-level return and see what will be published from it."""

__version__ = "0.2.0"
