"""Mail that no person wrote: answering it would start a loop or bother a list.

Rules: RFC 3834 and the common practice in mail software: lists, bulk mail, autoresponders.
"""

from collections.abc import Mapping

ROBOTS = frozenset({"mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply", "do-not-reply"})
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})


def reason(headers: Mapping[str, str], sender: str, own: str) -> str | None:
    """Why nobody should be answered; None for mail a person wrote.

    `headers` has its names in lower case; `sender` and `own` (the account it was sent to) are lower-case addresses.
    """
    signs = (
        (sender == own, "own-address"),
        (_first_word(headers.get("auto-submitted", "no")) != "no", "auto-submitted"),
        (_first_word(headers.get("x-autoreply", "no")) != "no", "x-autoreply"),
        (_first_word(headers.get("precedence", "")) in BULK, "precedence"),
        ("list-id" in headers, "mailing-list"),
        (headers.get("return-path", "").strip() == "<>", "null-return-path"),
        (sender.partition("@")[0] in ROBOTS, "robot-address"),
    )
    return next((why for found, why in signs if found), None)


def _first_word(value: str) -> str:
    return value.partition(";")[0].strip().lower()
