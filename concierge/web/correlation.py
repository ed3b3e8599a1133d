"""The id that joins a request, its log lines, its rows and the provider calls that follow from it."""

import re
from random import getrandbits

_SOUND = re.compile(r"[\w.:/+=-]{1,128}", re.ASCII)


def correlation_id(given: str | None) -> str:
    """The caller's `x-correlation-id`, or a new one where it has none or an unsound one. Unique, not secret."""
    return given if given and _SOUND.fullmatch(given) else f"{getrandbits(128):032x}"
