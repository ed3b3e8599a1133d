"""As whom an embedded server runs: Postgres refuses to be root, so root's servers belong to somebody without rights."""

import os
import pwd
import subprocess
from pathlib import Path
from typing import Any

from msgspec import Struct

from concierge.errors import EmbeddedPostgresError

NOBODY = 65534  # where the machine has no account of that name


class Account(Struct, frozen=True):
    """A user and group id; nothing is made or changed on the machine to have it."""

    uid: int
    gid: int

    @property
    def popen(self) -> dict[str, Any]:
        """The arguments that make subprocess start a program as this account."""
        return {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}

    @property
    def is_ours(self) -> bool:
        """Whether this process runs as the account."""
        return os.geteuid() == self.uid

    def give(self, path: Path) -> None:
        """Make the account the owner of the path."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def may(self, flag: str, path: Path) -> bool:
        """Whether the account passes a test of test(1) on the path: -x to run or enter, -w to write."""
        command = ["/bin/sh", "-c", f'test {flag} "$1"', "sh", str(path)]
        try:
            return subprocess.run(command, cwd="/", check=False, **self.popen).returncode == 0
        except OSError as error:
            raise EmbeddedPostgresError(
                f"root cannot start programs as the account {self.uid} here: {error}"
            ) from error


def server_account(folder: Path | None) -> Account:
    """Ourselves; for root the owner of an existing data folder, else nobody."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if folder is not None and folder.is_dir() and (found := folder.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(NOBODY, NOBODY)
    return Account(nobody.pw_uid, nobody.pw_gid)
