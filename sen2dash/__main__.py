"""`python -m sen2dash`: the command line, the second front end beside the pages. No streamlit in it."""

import os
import signal
import sys

#: What a shell calls a program that Ctrl-C stopped.
INTERRUPTED = 130


def stop() -> None:
    """End at once, in one line. Nothing has been begun, or what was begun has been removed already."""
    os.write(2, b"sen2dash: Stopped.\n")
    os._exit(INTERRUPTED)


class NoPandas:
    """Where Python looks for modules first: it says that there is no pandas."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """None, for Python to look elsewhere, of any other module."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def leave_pandas_out() -> None:
    """Keep pyarrow from loading pandas, which takes half a second, when it makes its first array.

    It would ask pandas whether what it was given is of pandas. Nothing here is, and it does not ask a second time.
    """
    import pyarrow

    finder = NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pyarrow.array([None])
    finally:
        sys.meta_path.remove(finder)


def run() -> int:
    """Run the command line; Ctrl-C is heard from the first moment, also while the program is being loaded."""
    signal.signal(signal.SIGINT, lambda *_: stop())
    leave_pandas_out()
    from sen2dash.cli import interrupt, main

    # From here on files may be half written, and are removed by what began them.
    signal.signal(signal.SIGINT, interrupt)
    return main()


if __name__ == "__main__":
    try:
        status = run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        stop()
    sys.exit(status)
