"""`python -m sen2dash`: the command line, the second front end beside the pages. No streamlit in it."""

import sys

from sen2dash.cli import main

if __name__ == "__main__":
    sys.exit(main())
