"""What mail servers say about mail of ours: delivery status notifications (RFC 3464), and `X-Failed-Recipients`.

Anybody can write one. It counts only for a message whose Message-ID it knows, which nobody but its recipients does.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from email.message import Message
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from concierge.channels.decoding import clean
from concierge.channels.email.addresses import found_in
from concierge.channels.email.message_ids import bare_id, ids_in, ours
from concierge.channels.email.parsing import BROKEN, parsed
from concierge.channels.model import Address, Receipt

GONE = ("5.1.", "5.2.1", "5.4.4")  # no such mailbox or domain, mailbox disabled, no such host (RFC 3463)
MOST = 100  # recipients of one notification
MOST_PARTS = 20  # of what was attached to it
STATUS, FAILED = "message/delivery-status", "x-failed-recipients"
REPORTED = frozenset({STATUS, "message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})
NAMED = frozenset({FAILED, "in-reply-to", "references"})
STATUSES: Mapping[str, Literal["delivered", "failed"]] = {
    "failed": "failed",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}


class Returned(Struct, frozen=True):
    """What became of one mail for one recipient."""

    message_id: str  # of ours, without angle brackets
    status: Literal["delivered", "failed"]
    recipient: str | None
    code: str | None  # such as "5.1.1"
    error: str | None

    def receipt(self, account: str, at: datetime) -> Receipt:
        """The same as every channel has it."""
        id = ours(self.message_id)
        return Receipt(
            account=account,
            provider_message_id=id,
            outbound_id=_uuid(id),
            status=self.status,
            at=at,
            error_code=self.code if self.status == "failed" else None,
            error=self.error if self.status == "failed" else None,
            unreachable=self.status == "failed" and (self.code or "").startswith(GONE),
            addresses=(Address("email", self.recipient),) if self.recipient else (),
        )


def returned(mail: "Message[Any, Any]") -> tuple[Returned, ...]:
    """What the mail reports, if it is a notification about a mail whose Message-ID it names. Never raises."""
    failed = mail.get_all(FAILED)
    if mail.get_content_type() != "multipart/report" and not failed:
        return ()
    id = _original(mail)
    if id is None:
        return ()
    told = [one for group in _groups(mail) if (one := _of_one(id, group)) is not None]
    if not told and failed:
        told = [Returned(id, "failed", one.address, None, "the mail came back") for one in found_in(", ".join(failed))]
    return tuple(told[:MOST])


def reported(headers: Iterable[tuple[str, str]], parts: Iterable[tuple[str, bytes]] = ()) -> tuple[Returned, ...]:
    """The same for a mail that its vendor took apart: its headers, and what was attached as (MIME type, bytes)."""
    named = [(name, value) for name, value in headers if name in NAMED]
    attached = [(kind, content) for kind, content in parts if kind in REPORTED]
    if not any(name == FAILED for name, _ in named) and not any(kind == STATUS for kind, _ in attached):
        return ()
    mail = Message()
    mail["content-type"] = "multipart/report"
    for name, value in named:
        mail[name] = value
    for kind, content in attached[:MOST_PARTS]:
        mail.attach(parsed(f"content-type: {kind}\r\n\r\n".encode() + content))
    try:
        return returned(mail)
    except (RecursionError, *BROKEN):
        return ()


def _of_one(id: str, group: "Message[Any, Any]") -> Returned | None:
    """One group of the notification: a recipient; None for the mail's own group, and for what is only delayed."""
    status = STATUSES.get(str(group.get("action", "")).strip().lower())
    if status is None:
        return None
    final = str(group.get("original-recipient") or group.get("final-recipient") or "").rpartition(";")[2]
    recipient = next((one.address for one in found_in(final)), None)
    code = (
        clean(str(group.get("status", "")).split(maxsplit=1)[0])[:20] if str(group.get("status", "")).strip() else None
    )
    diagnostic = " ".join(str(group.get("diagnostic-code") or "").rpartition(";")[2].split())
    return Returned(id, status, recipient, code, clean(diagnostic)[:2_000] or None)


def _groups(mail: "Message[Any, Any]") -> Iterator["Message[Any, Any]"]:
    for part in mail.walk():
        if part.get_content_type() == STATUS:
            below: Any = part.get_payload()
            yield from (one for one in below if isinstance(one, Message)) if isinstance(below, list) else ()


def _original(mail: "Message[Any, Any]") -> str | None:
    """The Message-ID of the mail it is about: of what it returns, else of what it answers."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and isinstance(below := part.get_payload(), list) and below:
            first: Any = below[0]
            if found := bare_id(str(first.get("message-id") or "")):
                return found
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            for line in str(part.get_payload()).replace("\r\n", "\n").replace("\n ", " ").split("\n"):
                name, _, value = line.partition(":")
                if name.strip().lower() == "message-id" and (found := bare_id(value)):
                    return found
    return next(iter([*ids_in(mail.get("in-reply-to")), *reversed(ids_in(mail.get("references")))]), None)


def _uuid(id: str) -> UUID | None:
    try:
        return UUID(id.partition("@")[0])
    except ValueError:
        return None
