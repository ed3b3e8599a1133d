"""What we write into a mail for its vendor to give back with every event: which message it is, and whose.

Two values, because Postmark keeps 80 characters of each. Neither is private: an id of ours, and the mail's own From.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct

from concierge.channels.email.addresses import deliverable
from concierge.channels.email.message_ids import bare_id

MESSAGE, MAILBOX = "concierge", "mailbox"  # what vendors call the two


class Mark(Struct, frozen=True, kw_only=True):
    """One attempt at one message of one account."""

    mailbox: str  # the account's external id
    outbound_id: UUID
    attempt: int | None  # None: any

    def fields(self) -> dict[str, str]:
        """The two values by their names."""
        attempt = "" if self.attempt is None else f".{self.attempt}"
        return {MESSAGE: f"{self.outbound_id}{attempt}", MAILBOX: self.mailbox}


def mark_in(fields: Mapping[str, Any], *, message_id: str | None, mailbox: str | None) -> Mark | None:
    """The mark that an event carries, or the one that a Message-ID of ours stands for; None for other people's mail.

    `mailbox`: whose mail it is, where the mark does not say.
    """
    given = str(fields.get(MAILBOX) or "").lower()
    whose = given if deliverable(given) else mailbox
    named, _, attempt = str(fields.get(MESSAGE) or "").partition(".")
    id = _uuid(named) or _uuid((bare_id(message_id) or "").partition("@")[0])
    if whose is None or id is None:
        return None
    known = attempt.isascii() and attempt.isdecimal() and len(attempt) < 6
    return Mark(mailbox=whose, outbound_id=id, attempt=int(attempt) if known else None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
