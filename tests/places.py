"""Folders for servers of tests: on no disk where that can be, as nobody's machine loses its power here."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOMY = 1 << 30  # free bytes; a container's may be small


@contextmanager
def open_place() -> Iterator[Path]:
    """A folder that a server's account can enter, which pytest's own for root are not."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOMY
    place = Path(tempfile.mkdtemp(prefix="concierge-test-", dir=MEMORY if in_memory else "/var/tmp"))
    place.chmod(0o755)
    try:
        yield place
    finally:
        shutil.rmtree(place)
