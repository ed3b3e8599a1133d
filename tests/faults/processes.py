"""Our own processes, started for real: watched, stopped, killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]  # the tree under test, which need not be the one installed
DEADLINE = 30.0  # seconds; generous, as a machine may have much else to do, and who is well waits for none of it


async def until(holds: Callable[[], Awaitable[Any]], what: str, *, seconds: float = DEADLINE) -> Any:
    """Look again and again until `holds` gives something true, and give that."""
    deadline = time.monotonic() + seconds
    while not (found := await holds()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s in vain for: {what}")
        await asyncio.sleep(0.02)
    return found


class Process:
    """`python -m concierge …`, which ends with the test run whatever becomes of that."""

    def __init__(
        self, arguments: list[str], environ: Mapping[str, str], log: Path, *, folder: Path | None = None
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", "concierge", *arguments],
                env={**environ, "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder or log.parent,  # never where a person's `.env` lies
                start_new_session=True,
            )
        self.pid = self._popen.pid
        if self._popen.stdin is not None:  # what `--with-parent` waits for
            self._popen.stdin.write(b"\n")
            self._popen.stdin.flush()

    @property
    def status(self) -> int | None:
        """Its exit status; None while it runs."""
        return self._popen.poll()

    def kill(self) -> None:
        """`kill -9`: it has no last word."""
        self.tell(signal.SIGKILL)
        self.bury()

    def tell(self, number: signal.Signals) -> None:
        """Send a signal, where it still runs."""
        self._popen.send_signal(number)

    async def ended(self, *, seconds: float = DEADLINE) -> int:
        """Wait for its end; the exit status."""

        async def has_ended() -> bool:
            return self.status is not None

        await until(has_ended, f"the end of {self.log.stem}", seconds=seconds)
        self.bury()
        assert self.status is not None
        return self.status

    def bury(self) -> None:
        """Wait for its end, which it was given or has come to."""
        self._popen.wait(DEADLINE)
        if self._popen.stdin is not None:
            self._popen.stdin.close()


def descendants(pid: int) -> set[int]:
    """The children of a process, their children, and so on. From /proc, so only where there is one."""
    parents = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdecimal()}
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def alive(pids: set[int]) -> set[int]:
    """Those that still run; what only waits to be reaped is dead."""
    return {pid for pid in pids if _state(Path(f"/proc/{pid}")) not in {"", "Z", "X"}}


def spent(pids: set[int]) -> float:
    """Seconds that the processor gave them and their ended children: the same however busy the machine is."""
    ticks = sum(int(each) for pid in pids for each in _stat(Path(f"/proc/{pid}"))[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(path: Path) -> list[str]:
    try:
        return (path / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _state(path: Path) -> str:
    return (_stat(path) or [""])[0]


def _parent(path: Path) -> int:
    return int((_stat(path) or ["", "0"])[1])
