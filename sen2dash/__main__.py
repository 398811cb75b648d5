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


def run() -> int:
    """Run the command line; Ctrl-C is heard from the first moment, also while the program is being loaded."""
    signal.signal(signal.SIGINT, lambda *_: stop())
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
