"""`python -m sen2dash`: the command line, the second front end besides the pages. It does not import streamlit."""

import os
import signal
import sys

#: The exit status of a program that Ctrl-C stopped.
INTERRUPTED = 130


def stop() -> None:
    """Stop immediately with a one-line message. No work has begun, or its files have already been removed."""
    os.write(2, b"sen2dash: Stopped.\n")
    os._exit(INTERRUPTED)


class NoPandas:
    """A module finder that Python asks first, and that reports that pandas is missing."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Return None for any other module, so that Python looks elsewhere."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def leave_pandas_out() -> None:
    """Stop pyarrow from loading pandas, which takes half a second, when it makes its first array.

    pyarrow uses pandas only to check whether its input is a pandas object. That is never so here, and it checks once.
    """
    import pyarrow

    finder = NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pyarrow.array([None])
    finally:
        sys.meta_path.remove(finder)


def run() -> int:
    """Run the command line. Ctrl-C works from the first moment, even while the program is loading."""
    signal.signal(signal.SIGINT, lambda *_: stop())
    leave_pandas_out()
    from sen2dash.cli import interrupt, main

    # From here on, files may be half written, and the code that began them removes them.
    signal.signal(signal.SIGINT, interrupt)
    return main()


if __name__ == "__main__":
    try:
        status = run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        stop()
    sys.exit(status)
