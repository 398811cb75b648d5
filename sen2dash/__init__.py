"""sen2dash: check a SEN2 person-level return and see what will be published from it."""

#: The only place that holds the version number.
__version__ = "0.2.0"
#: The name of the program in pages and files.
RELEASE = f"sen2dash {__version__}"
