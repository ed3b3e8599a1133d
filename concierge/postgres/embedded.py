"""A Postgres of our own, for development and tests: started in a moment, private to us, gone when we are.

It listens only on a Unix socket, in a folder that others cannot enter. A watchdog holds the reading end of a pipe from
us: when we end, in whatever way, the pipe closes and the watchdog stops the server. A child that is forked without
exec keeps that pipe open, so start children as programs. We hold the reading end of another pipe, which closes when the
server has ended with all its processes: then it can be started again. One process owns a data folder (`data_folder`).
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from concierge.errors import EmbeddedPostgresError
from concierge.postgres.account import Account, server_account
from concierge.postgres.binaries import Binaries, find
from concierge.postgres.data_folder import ENVIRONMENT, PidFile, initialised, lock, reachable

_READY_SECONDS = 60
_FAST_SECONDS = 15  # for a fast shutdown; then an immediate one
_ROOMY = 1 << 30  # free bytes from which a file system in memory is good enough
_LONGEST = 88  # characters of a run folder: the path of a socket ends at 103 (macOS) or 107 bytes

_ALWAYS = ("listen_addresses=", "port=5432", "timezone=UTC", "log_timezone=UTC", "max_connections=200")
_EPHEMERAL = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=4GB",
    "update_process_title=off",
)

_WATCHDOG = """
if read pid; then
    read done && exit
    kill -INT "$pid"
    tries=0
    while [ $tries -lt 300 ] && kill -0 "$pid" 2>/dev/null; do tries=$((tries + 1)); sleep 0.05; done
fi
rm -rf "$1"
"""


class EmbeddedPostgres:
    """A server with its data in `folder`; with folder None in a temporary one, which `stop` removes.

    Without `durable` it is faster, and a crash of the machine may lose the data. As a context manager it starts and
    stops. Whatever prevents that is an EmbeddedPostgresError.
    """

    def __init__(self, folder: Path | None, *, durable: bool) -> None:
        self.folder = folder
        self.durable = durable
        self.binaries: Binaries = find()
        self._server: PidFile | None = None
        self._place = ExitStack()  # the folders, and that they are ours
        self._serving = ExitStack()  # what runs there
        self._serve_again = self.start
        self.ended = -1  # a descriptor that can be read once the server and all its processes have ended

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def bindir(self) -> Path:
        """The folder of the programs in use: psql and pg_dump stand beside the server."""
        return self.binaries.bindir

    @property
    def version(self) -> str:
        """The version of the programs, such as 18.6."""
        return self.binaries.version

    @property
    def url(self) -> str:
        """Where the server answers, as its superuser in the database `postgres`; raises when it does not run."""
        if self._server is None:
            raise EmbeddedPostgresError("the embedded Postgres is not running")
        return self._server.url

    def start(self) -> None:
        """Make the data if there are none, start the server, and return when it takes connections."""
        try:
            self._start()
        except OSError as error:
            raise EmbeddedPostgresError(f"no Postgres can be started: {error}") from error

    def _start(self) -> None:
        account = server_account(self.folder)
        self.binaries = self.binaries.runnable_by(account)
        with ExitStack() as undo:
            run = _run_folder(account, in_memory=self.folder is None)
            undo.callback(shutil.rmtree, run, ignore_errors=True)
            place = run if self.folder is None else reachable(self.folder, account)
            held = lock(place, account)
            undo.callback(os.close, held)
            self._serve(place, account, run, held)
            self._place = undo.pop_all()
            self._serve_again = partial(self._serve, place, account, run, held)

    def start_again(self) -> None:
        """Where the server has `ended`, another one, at the same URL with the same data."""
        self._serving.close()
        self._serve_again()

    def stop(self) -> None:
        """Stop the server, ending its connections, and remove what is temporary; nothing when it does not run."""
        self._server = None
        self._serving.close()
        self._place.close()

    def _serve(self, place: Path, account: Account, run: Path, held: int) -> None:
        """Have a server there that takes connections."""
        with ExitStack() as undo:
            data = initialised(place, account, self.binaries, durable=self.durable)
            server = self._launch(data, account, run, held, undo)
            self._server = _ready(server, data, run)
            self._serving = undo.pop_all()

    def _launch(self, data: Path, account: Account, run: Path, held: int, undo: ExitStack) -> subprocess.Popen[bytes]:
        """Start watchdog and server, in sessions of their own: Ctrl-C is meant for us, and we stop in our order."""
        self.ended, theirs = os.pipe()
        undo.callback(os.close, self.ended)
        read_end, write_end = os.pipe()
        watchdog = subprocess.Popen(
            ["/bin/sh", "-c", _WATCHDOG, "concierge-watchdog", run],
            stdin=read_end,
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,
            **account.popen,
        )
        os.close(read_end)
        undo.callback(_dismiss, watchdog, write_end)
        options = (*_ALWAYS, *(() if self.durable else _EPHEMERAL))
        try:
            with (run / "server.log").open("wb") as log:
                server = subprocess.Popen(
                    [self.bindir / "postgres", "-D", data, "-k", run, *(f"--{option}" for option in options)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=run,
                    env=ENVIRONMENT,
                    pass_fds=(held, theirs),
                    start_new_session=True,
                    **account.popen,
                )
        finally:
            os.close(theirs)
        undo.callback(_stop, server)
        os.write(write_end, f"{server.pid}\n".encode())
        return server


def _run_folder(account: Account, *, in_memory: bool) -> Path:
    """A new folder, the account's own, for socket and log; of an ephemeral server for the data, too."""
    bases = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108 - mkdtemp makes names
    memory = Path("/dev/shm")  # noqa: S108
    if in_memory and memory.is_dir() and shutil.disk_usage(memory).free >= _ROOMY:
        bases.insert(0, memory)
    for base in bases:
        with suppress(OSError):
            run = Path(tempfile.mkdtemp(prefix="cg-", dir=base)).resolve()
            account.give(run)
            if len(str(run)) <= _LONGEST and account.may("-w", run):
                return run
            run.rmdir()
    raise EmbeddedPostgresError(f"the account {account.uid} can write in none of {', '.join(map(str, bases))}")


def _ready(server: subprocess.Popen[bytes], data: Path, run: Path) -> PidFile:
    """Wait for the server; when it ends or takes too long, raises with the end of its log."""
    deadline = time.monotonic() + _READY_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        said = PidFile.of(data)
        if said and said.ready and said.pid == server.pid:
            return said
        time.sleep(0.005)
    log = (run / "server.log").read_text(errors="replace")[-2000:]
    ended = "took too long to start" if server.returncode is None else f"ended with status {server.returncode}"
    raise EmbeddedPostgresError(f"Postgres on {data} {ended}:\n{log}".rstrip())


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast, then immediate, and never SIGKILL, which leaves processes and shared memory behind."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(_FAST_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def _dismiss(watchdog: subprocess.Popen[bytes], write_end: int) -> None:
    with suppress(BrokenPipeError):  # somebody has ended it already
        os.write(write_end, b"done\n")
    os.close(write_end)
    watchdog.wait()
