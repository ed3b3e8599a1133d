"""Message-IDs, and the threads they make (RFC 5322 3.6.4). Always without their angle brackets."""

import re

LONGEST = 998  # a header line
MOST = 50  # of a thread: its first and its latest

_BRACKETED = re.compile(r"<([^<>\s]+)>")


def bare_id(text: str | None) -> str | None:
    """A Message-ID without its angle brackets, as our own transports report theirs; None for none."""
    bare = (text or "").strip().removeprefix("<").removesuffix(">").strip()
    return bare if 0 < len(bare) <= LONGEST else None


def ours(id: str) -> str:
    """The id as the transport reported it that sent the mail: SES makes its Message-IDs of its own ids."""
    local, _, domain = id.rpartition("@")
    return local if local and domain.lower().endswith("amazonses.com") else id


def ids_in(text: str | None) -> list[str]:
    """The Message-IDs in a header: what stands in angle brackets, or else every word (RFC 5322 3.6.4, and 4.5.4)."""
    words = _BRACKETED.findall(text or "") or (text or "").replace(",", " ").split()
    return [found for word in words if (found := bare_id(word))]


def thread_of(references: str | None, in_reply_to: str | None) -> tuple[str, ...]:
    """The thread that a mail with these headers continues, oldest first."""
    unique = list(dict.fromkeys([*ids_in(references), *ids_in(in_reply_to)[:1]]))
    return tuple(unique[:1] + unique[1:][1 - MOST :])


def answered(references: str | None, in_reply_to: str | None) -> str | None:
    """The mail that it answers."""
    return next(iter(ids_in(in_reply_to)), None) or next(reversed(ids_in(references)), None)
