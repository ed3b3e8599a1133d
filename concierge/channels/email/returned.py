"""What mail servers say about mail of ours: delivery status notifications (RFC 3464), `X-Failed-Recipients`, the
plain words of servers that know neither, above a copy of the mail or of its headers, and complaints (RFC 5965).

Anybody can write one. It counts only for a message whose Message-ID it knows, which nobody but its recipients does.
"""

import re
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
from concierge.channels.email.words import decoded, text_in
from concierge.channels.model import Address, OptOut, Receipt

GONE = ("5.1.", "5.2.1", "5.4.4")  # no such mailbox or domain, mailbox disabled, no such host (RFC 3463)
MOST = 100  # recipients of one notification
LONGEST = 100_000  # bytes that are looked at for plain words
MOST_PARTS = 20  # of what was attached to it
STATUS, FAILED, FEEDBACK = "message/delivery-status", "x-failed-recipients", "message/feedback-report"
COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})  # not those that are about a sender's own set-up
REPORTED = frozenset({STATUS, FEEDBACK, "message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})
NAMED = frozenset({FAILED, "in-reply-to", "references", "from", "subject", "return-path"})
STATUSES: Mapping[str, Literal["delivered", "failed"]] = {
    "failed": "failed",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}

_COPY = re.compile(r"^[ \t>]*message-id:[ \t]*<([^<>\s]{1,998})>", re.IGNORECASE | re.MULTILINE)
_DAEMON = re.compile(r"mailer.?daemon|postmaster|mail delivery", re.IGNORECASE)
_FAILED = re.compile(r"fail|undeliver|unzustellbar|not delivered|return|could not be|error|reject", re.IGNORECASE)
_WAITING = re.compile(r"delay|warning|temporar|will retry", re.IGNORECASE)
_CODE = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_GIVEN_UP = re.compile(rf"(?<![\d.])5\d\d(?!\.?\d)|{_CODE.pattern}|permanent|fatal", re.IGNORECASE)
_STILL = re.compile(
    r"will (?:be )?retr|still (?:being )?(?:retr|try)|will (?:continue|keep)|only a warning", re.IGNORECASE
)


class Returned(Struct, frozen=True):
    """What became of one mail for one recipient."""

    message_id: str  # of ours, without angle brackets
    status: Literal["delivered", "failed", "complaint"]
    recipient: str | None = None
    code: str | None = None  # such as "5.1.1"
    error: str | None = None

    def event(self, account: str, at: datetime) -> Receipt | OptOut:
        """The same as every channel has it."""
        id = ours(self.message_id)
        if self.status == "complaint":
            return OptOut(account=account, address=_uuid(id) or id, reason=self.status, at=at)
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
    groups, complains = list(_groups(mail, STATUS)), _complains(mail)
    failed = ", ".join(map(str, mail.get_all(FAILED) or ()))
    if not groups and not failed and not complains and not _is_bounce(mail):
        return ()
    text = _text(mail)
    id = _original(mail) or next(iter(_COPY.findall(text)), None)
    if id is None:
        return ()
    if complains:
        return (Returned(id, "complaint"),)
    told = [one for group in groups if (one := _of_one(id, group)) is not None]
    return tuple(told[:MOST]) if told or (groups and not failed) else _in_words(id, text, failed)


def _in_words(id: str, text: str, failed: str) -> tuple[Returned, ...]:
    """What stands above the copy of our mail; nothing where the server says that it goes on trying."""
    copy = _COPY.search(text)
    above = text[: copy.start()] if copy else text
    if not failed and _STILL.search(above):
        return ()
    code = _CODE.search(above)
    line = next((line for line in above.split("\n") if (_CODE if code else _GIVEN_UP).search(line)), "")
    error = clean(" ".join(line.split()))[:2_000] or "the mail came back"
    recipients = [one.address for one in found_in(failed)][:MOST]
    return tuple(Returned(id, "failed", each, code[0] if code else None, error) for each in recipients or (None,))


def _is_bounce(mail: "Message[Any, Any]") -> bool:
    """Whether a mail server wrote it, to say that it has not delivered something."""
    sender = decoded(str(mail.get("from") or ""))
    subject = decoded(str(mail.get("subject") or ""))
    nobody = str(mail.get("return-path") or "").strip() == "<>"
    return (
        (nobody or _DAEMON.search(sender) is not None)
        and bool(_FAILED.search(subject))
        and not _WAITING.search(subject)
    )


def _text(mail: "Message[Any, Any]") -> str:
    for part in mail.walk():
        content = part.get_payload(decode=True) if part.get_content_type() == "text/plain" else None
        if isinstance(content, bytes):
            return text_in(content[:LONGEST], None).replace("\r\n", "\n")
    return ""


def reported(
    headers: Iterable[tuple[str, str]], text: str | None, parts: Iterable[tuple[str, bytes]] = ()
) -> tuple[Returned, ...]:
    """The same for a mail that its vendor took apart: headers, text, what was attached as (MIME type, bytes)."""
    mail = Message()
    mail["content-type"] = "multipart/report"
    for name, value in headers:
        if name in NAMED:
            mail[name] = value
    attached = [(kind, content) for kind, content in parts if kind in REPORTED][:MOST_PARTS]
    try:
        if FAILED not in mail and not {STATUS, FEEDBACK} & {kind for kind, _ in attached} and not _is_bounce(mail):
            return ()
        for kind, content in [("text/plain", (text or "")[:LONGEST].encode(errors="replace")), *attached]:
            mail.attach(parsed(f"content-type: {kind}\r\n\r\n".encode() + content))
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


def _complains(mail: "Message[Any, Any]") -> bool:
    """Whether it is a complaint, of which the recipient's own server has sent it on."""
    kinds = (str(group.get("feedback-type") or "") for group in _groups(mail, FEEDBACK))
    return any(kind.strip().lower() in COMPLAINTS for kind in kinds)


def _groups(mail: "Message[Any, Any]", said: str) -> Iterator["Message[Any, Any]"]:
    for part in mail.walk():
        if part.get_content_type() == said:
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
