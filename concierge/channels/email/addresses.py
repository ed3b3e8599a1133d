"""`Name <address>` as mail headers have it."""

import re
from collections.abc import Iterator

from msgspec import Struct

LONGEST = 320  # 64 for the local part, 255 for the domain
LONGEST_PART = 2_000  # characters of a header that are searched for an address without brackets
FORBIDDEN = frozenset(' \t\r\n\0<>,;:"()[]\\')

_BARE = re.compile(r"[^\s<>,;:\"()\[\]\\@]{1,64}@[^\s<>,;:\"()\[\]\\@]{1,255}")
_QUOTED = re.compile(r'"[^"]*"?')


class Mailbox(Struct, frozen=True):
    """An address, in lower case, and the name somebody gave it."""

    address: str
    name: str | None = None


def mailbox(text: str) -> Mailbox | None:
    """`Ann <ann@example.com>`, `<ann@example.com>` or `ann@example.com`; None for anything else."""
    name, bracket, address = text.strip().rpartition("<")
    if bracket:
        if not address.endswith(">"):
            return None
        address = address[:-1].strip()
    name = name.strip().strip('"').replace('\\"', '"').strip()
    return Mailbox(address.lower(), name or None) if deliverable(address) else None


def mailboxes(text: str) -> list[Mailbox] | None:
    """A header's list of them, separated by commas; None if one of them is no address or there is none."""
    found = [mailbox(part) for part in _parts(text) if part.strip()]
    known = [one for one in found if one]
    return known if found and len(known) == len(found) else None


def deliverable(address: str) -> bool:
    """Whether it looks like local@domain and cannot break out of a header or an SMTP command."""
    local, _, domain = address.rpartition("@")
    return bool(local and domain) and len(address) <= LONGEST and address.isprintable() and not FORBIDDEN & {*address}


def _parts(text: str) -> Iterator[str]:
    start, quoted = 0, False
    for at, sign in enumerate(text):
        if sign == '"' and text[at - 1 : at] != "\\":
            quoted = not quoted
        elif sign == "," and not quoted:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def found_in(text: str) -> list[Mailbox]:
    """Every address in a header's value, whatever else stands there: comments, groups, nonsense."""
    return [one for part in _parts(text) if (one := mailbox(_without_comment(part)) or _bare(part))]


def written(address: str, name: str | None) -> str:
    """The address as a header has it, for what came in separate fields."""
    return f'"{name.replace(chr(34), " ").replace(chr(92), " ")}" <{address}>' if name else address


def _without_comment(part: str) -> str:
    """`ann@example.com (Ann)` and `Team: ann@example.com;` without what is no address."""
    part = part.strip().rstrip(";")
    if "<" in part:
        return part[: part.rfind(">") + 1]
    part = part.partition("(")[0] if not part.startswith("(") else part.rpartition(")")[2]
    return part.rpartition(":")[2].strip()


def _bare(part: str) -> Mailbox | None:
    """`Ann ann@example.com` and `ann@example.com>`, which no standard knows; what is quoted is a name."""
    found = _BARE.search(_QUOTED.sub(" ", part[:LONGEST_PART]))
    return mailbox(found[0]) if found else None
