"""Patterns of the language, compiled when they are first asked: most processes never read a sentence.

There are some two hundred and fifty of them, long ones, and compiling all takes a quarter of a second.
"""

import re
from typing import Any, cast

KNOWN: list["_Pattern"] = []


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, later. `tests/pure/test_patterns.py` compiles every one."""
    return cast("re.Pattern[str]", _Pattern(source, flags))


def compile_all() -> None:
    """Those that nobody has asked yet, so that the first message is not the one to wait for them."""
    for pattern in KNOWN:
        pattern.search  # noqa: B018  to name it is enough


class _Pattern:
    def __init__(self, source: str, flags: int) -> None:
        self.pattern = source
        self._flags = flags
        KNOWN.append(self)

    def __getattr__(self, name: str) -> Any:
        """Only what was not asked for before: `search` and its kind stay as the compiled pattern's own."""
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found
