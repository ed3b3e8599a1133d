"""Our own processes without their second of loading: forks of one process that did it, once for all of them.

They are processes of their own, as real to be killed as any; `concierge run` starts true ones in test_the_tree.py.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from concierge.cli import main
from tests.faults.processes import DEADLINE, Process

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.faults.loaded"])


class Fork(Process):
    """`python -m concierge …`, begun where everything is loaded."""

    def __init__(
        self, arguments: Sequence[str], environ: Mapping[str, str], log: Path, hurry: Mapping[str, float]
    ) -> None:
        self.log = log
        theirs, self._stdin = _context.Pipe(duplex=False)
        self._fork = _context.Process(target=_begin, args=(arguments, environ, log, hurry, theirs), daemon=True)
        self._fork.start()
        theirs.close()
        os.write(self._stdin.fileno(), b"\n")
        assert self._fork.pid is not None
        self.pid = self._fork.pid

    @property
    def status(self) -> int | None:
        return self._fork.exitcode

    def tell(self, number: signal.Signals) -> None:
        if self.status is None:
            os.kill(self.pid, number)

    def bury(self) -> None:
        """Wait for its end, which it was given or has come to."""
        self._fork.join(DEADLINE)
        assert self.status is not None, f"{self.log.stem} does not end"
        self._stdin.close()


def known() -> dict[str, set[str]]:
    """What the process that all others are forks of had loaded after each of its modules."""
    told, telling = _context.Pipe(duplex=False)
    with told:
        fork = _context.Process(target=_tell, args=(telling,))
        fork.start()
        telling.close()
        found: dict[str, set[str]] = told.recv()
        fork.join(DEADLINE)
    return found


def _tell(telling: Connection) -> None:
    telling.send(import_module("tests.faults.loaded").known)


def _begin(
    arguments: Sequence[str], environ: Mapping[str, str], log: Path, hurry: Mapping[str, float], given: Connection
) -> None:
    os.setsid()
    os.chdir(log.parent)
    os.environ.clear()
    os.environ.update(environ)
    with log.open("ab") as output:
        for number, file in enumerate((given, output, output)):
            os.dup2(file.fileno(), number)
    given.close()
    sys.stdin = open(0, closefd=False)  # noqa: SIM115  multiprocessing has closed the one it had
    for name, seconds in hurry.items():
        place, _, constant = name.partition(":")
        module = import_module(place)
        assert isinstance(getattr(module, constant), float), name
        setattr(module, constant, seconds)
    sys.exit(main(arguments))
