"""`concierge`, also as `python -m concierge`."""

import sys


def run() -> int:
    """Run one command; the exit status. Ctrl-C ends it without a traceback, also while it loads."""
    try:
        from concierge.cli import main  # noqa: PLC0415  a fifth of a second

        return main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(run())
