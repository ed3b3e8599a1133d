"""The variables that settings are read from: the process's own, over those in `.env`.

A deployment's commands read these two and nothing else. Commands for a person at this machine also read what
`concierge run` remembered in `.concierge/env`, below both.
"""

import contextlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from concierge.errors import SettingsError

WRITTEN = Path(".env")
REMEMBERED = Path(".concierge/env")

_LINE = re.compile(
    r"""(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*
        (?:'(?P<literal>[^']*)' | "(?P<escaped>(?:[^"\\]|\\.)*)" | (?P<bare>(?!['"]).*?))
        \s*(?:(?<=\s)\#.*)?""",
    re.VERBOSE,
)


def given() -> dict[str, str]:
    """The process's variables over those of `.env` in the working directory."""
    return _over(os.environ, read(WRITTEN))


def here() -> dict[str, str]:
    """What is given, over what `concierge run` remembered on this machine."""
    return _over(given(), read(REMEMBERED))


def read(path: Path) -> dict[str, str]:
    """The variables in a file of `NAME=value` lines; none without the file. Raises SettingsError naming a wrong line.

    Values may stand in single quotes (as they are) or double quotes (with backslash escapes); a `#` after a space
    begins a comment; empty means unset.
    """
    found = {}
    with contextlib.suppress(FileNotFoundError):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not (text := line.strip()) or text.startswith("#"):
                continue
            match = _LINE.fullmatch(text)
            if match is None:
                raise SettingsError(f"line {number} of {path} is not of the form NAME=value")
            escaped = match["escaped"]
            found[match["name"]] = match["literal"] or match["bare"] or re.sub(r"\\(.)", r"\1", escaped or "")
    return {name: value for name, value in found.items() if value}


def remember(environ: Mapping[str, str], names: Iterable[str]) -> None:
    """Write these variables, or the files they are in, where `here` finds them; nobody else may read it."""
    REMEMBERED.parent.mkdir(exist_ok=True)
    REMEMBERED.touch(mode=0o600)
    each = [name for known in names for name in (known, f"{known}_FILE") if environ.get(name)]
    REMEMBERED.write_text("".join(f"{name}={environ[name]}\n" for name in each), encoding="utf-8")


def _over(upper: Mapping[str, str], lower: Mapping[str, str]) -> dict[str, str]:
    """NAME and NAME_FILE say the same thing: one above hides the other below."""
    left = {
        name: value
        for name, value in lower.items()
        if not upper.get(f"{name}_FILE") and not upper.get(name.removesuffix("_FILE"))
    }
    return left | dict(upper)
