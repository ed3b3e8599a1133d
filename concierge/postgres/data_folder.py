"""Where an embedded server keeps its data: a place its account can reach, held by one process at a time.

```
folder/            the account's own, mode 0700; for root perhaps a link into STATE
├── lock           held by the owner and by every process of its server
└── data/          what initdb made
```
"""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from concierge.errors import EmbeddedPostgresError
from concierge.postgres.account import Account
from concierge.postgres.binaries import Binaries

STATE = Path("/var/lib/concierge")
"""Where root keeps data whose own place the server's account cannot reach, as in a checkout below /root."""

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
"""All that the server's programs see of the environment."""

_HANDOVER_SECONDS = 3  # a server whose owner was just killed is still on its way down


class PidFile(Struct, frozen=True):
    """What a server says of itself in postmaster.pid."""

    pid: int
    socket: Path
    port: int
    ready: bool

    @staticmethod
    def of(data: Path) -> "PidFile | None":
        """The file's content; None when it is missing or still being written."""
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
            return PidFile(int(lines[0]), Path(lines[4]), int(lines[3]), lines[7].strip() == "ready")
        except (OSError, ValueError, IndexError):
            return None

    @property
    def url(self) -> str:
        """Where the server answers, as its superuser in the database `postgres`."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.socket), safe='/')}&port={self.port}"

    def answers(self) -> bool:
        """Whether somebody listens; a pid alone proves nothing, it may be another program's after a reboot."""
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self.socket / f".s.PGSQL.{self.port}")) == 0


def running(folder: Path) -> str | None:
    """The URL of the server that runs on the folder now, whichever process owns it; None when there is none."""
    found = PidFile.of(folder / "data")
    return found.url if found and found.ready and found.answers() else None


def reachable(folder: Path, account: Account) -> Path:
    """The folder, or where root has to put it instead; made when missing.

    No mode of a parent is changed. In place of an unreachable folder stands a link to a new one in STATE.
    """
    if not folder.exists():
        (folder.readlink() if folder.is_symlink() else folder).mkdir(mode=0o700, parents=True)
    place = folder.resolve()
    if place.stat().st_uid == os.geteuid() and not any(place.iterdir()):
        account.give(place)
    if account.may("-w", place):
        return place
    if account.is_ours or any(place.iterdir()):
        raise EmbeddedPostgresError(f"the account {account.uid}, which runs the server, cannot write in {place}")
    try:
        STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
        moved = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=STATE))
        account.give(moved)
        folder.rmdir()
        folder.symlink_to(moved)
    except OSError as error:
        message = f"the account {account.uid} cannot reach {folder}, and {STATE} cannot be used instead: {error}"
        raise EmbeddedPostgresError(message) from error
    return moved


def lock(place: Path, account: Account) -> int:
    """Become the folder's only owner: the open file of its lock. Raises when another process is."""
    path = place / "lock"
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    account.give(path)
    deadline = time.monotonic() + _HANDOVER_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(file)
                owner = f"at {url}" if (url := running(place)) else "but it is not ready"
                message = f"another process already runs a Postgres on {place}, {owner}: stop it, or set DATABASE_URL"
                raise EmbeddedPostgresError(message) from None
            time.sleep(0.05)
        else:
            return file


def initialised(place: Path, account: Account, binaries: Binaries, *, durable: bool) -> Path:
    """The data folder in a locked place, ready for a server to start on; made by initdb when it is new."""
    data, major = place / "data", binaries.version.partition(".")[0]
    if not data.exists():
        return _made(data, account, binaries, durable=durable)
    made_by = (data / "PG_VERSION").read_text().strip()
    if made_by != major:
        message = (
            f"{data} was made by Postgres {made_by}, but {binaries.bindir} is {major}: move it away, or set PG_BINDIR"
        )
        raise EmbeddedPostgresError(message)
    if (left := PidFile.of(data)) and left.answers():
        raise EmbeddedPostgresError(f"a Postgres that is not ours runs on {data} (pid {left.pid}): stop it")
    (data / "postmaster.pid").unlink(missing_ok=True)  # left by a crash: we hold the lock, so none of ours is alive
    return data


def _made(data: Path, account: Account, binaries: Binaries, *, durable: bool) -> Path:
    half_made = data.with_name("data.new")  # renamed when whole, so that a kill in between leaves no half
    shutil.rmtree(half_made, ignore_errors=True)
    locale = ["--locale=C.UTF-8"]
    if int(binaries.version.partition(".")[0]) >= 17:  # the same everywhere, also where the system lacks C.UTF-8
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-instructions", *([] if durable else ["--no-sync"])]
    made = subprocess.run(
        [binaries.bindir / "initdb", "-D", half_made, *options, *locale],
        cwd=data.parent,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        **account.popen,
    )
    if made.returncode:
        raise EmbeddedPostgresError(f"initdb failed in {data.parent}:\n{made.stdout}{made.stderr}".rstrip())
    half_made.rename(data)
    return data
