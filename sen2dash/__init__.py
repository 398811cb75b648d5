"""sen2dash: check a SEN2 person-level return and see what will be published from it."""

#: The one place that holds the number of the release.
__version__ = "0.2.0"
#: How pages and files name the program that made them.
RELEASE = f"sen2dash {__version__}"
