"""Which tests go to one worker of pytest-xdist: those of a file, or of a folder that shares what is dear to start.

The tests of pages have one browser, those of faults one process that all others are forks of (ADR 97, 98): a second
one for the other worker costs more than it brings, and while faults wait, pages work.
"""

from xdist.scheduler import LoadFileScheduling

FOLDERS = ("tests/faults", "tests/browser")


class Together(LoadFileScheduling):
    """`--dist loadfile`, and a few folders are handed out whole."""

    def _split_scope(self, nodeid: str) -> str:
        folder = nodeid.rpartition("/")[0]
        return folder if folder in FOLDERS else super()._split_scope(nodeid)
