"""The worker's sign of life: a file on its machine, touched while its event loop turns and its supervisor gets on.

No database is asked: when that is away, starting workers again would help nobody. The file is locked by the process
that touches it, so that what a killed one left behind is nobody's.
"""

import asyncio
import fcntl
import math
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from concierge.log import logger

PREFIX = "concierge-worker-"
EVERY = 3.0  # seconds between two touches
STALE = 60.0  # seconds without one, after which a worker should be started again

log = logger(__name__)


class Pulse:
    """Beats while whoever holds it keeps the promises it made with `expect`."""

    def __init__(self) -> None:
        self._until = math.inf

    def expect(self, seconds: float) -> None:
        """Something else will be expected within so many seconds; if not, the holder is stuck and the pulse stops."""
        self._until = asyncio.get_running_loop().time() + seconds

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Beat while the block runs. Where no file can be made it says so once and goes without."""
        beat = asyncio.create_task(self._beat(), name="pulse")
        try:
            yield
        finally:
            beat.cancel()
            await asyncio.gather(beat, return_exceptions=True)

    async def _beat(self) -> None:
        try:
            _clear()
            file, name = tempfile.mkstemp(prefix=PREFIX)
        except OSError as error:
            log.warning("no sign of life", error=str(error))
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            os.fchmod(file, 0o644)
            while True:
                if asyncio.get_running_loop().time() < self._until:
                    os.utime(file)
                await asyncio.sleep(EVERY)
        finally:
            with suppress(OSError):
                os.unlink(name)  # noqa: PTH108  one system call, and Path's would count as blocking
            os.close(file)


def ages() -> list[float]:
    """Seconds since each worker process of this machine last showed that it is alive."""
    return [age for path, age in _files() if _is_held(path)]


def _clear() -> None:
    """Remove what the dead left behind; a new file may not be locked yet."""
    for path, age in _files():
        if age > STALE and not _is_held(path):
            path.unlink(missing_ok=True)


def _files() -> Iterator[tuple[Path, float]]:
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):
            yield path, time.time() - path.stat().st_mtime


def _is_held(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # gone, or somebody else's
        return False
    return False
