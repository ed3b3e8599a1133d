"""What every vendor's mail is before it becomes an `Inbound`: its headers, its bodies, what was attached.

Here is decided, alike for all: who is to be answered (Reply-To, unless that is us), what is new and what is quoted, to
which thread it belongs (RFC 5322 3.6.4), and whether a person wrote it at all (RFC 3834).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec
from msgspec import Struct

from concierge.channels.decoding import clean, fingerprint
from concierge.channels.email import automated
from concierge.channels.email.addresses import Mailbox, found_in
from concierge.channels.email.message_ids import answered, bare_id, thread_of
from concierge.channels.email.plaintext import text_of
from concierge.channels.email.quoted_html import PLACE, folded
from concierge.channels.email.quoting import holds_forward, is_forward, newest
from concierge.channels.email.returned import Returned
from concierge.channels.email.tokens import without_token
from concierge.channels.model import Address, Attachment, Event, Inbound
from concierge.errors import Malformed

MOST_RECIPIENTS = 100
NOBODY = "unknown@sender.invalid"  # RFC 2606: belongs to nobody, so an answer reaches nobody
_AHEAD = timedelta(days=1)
_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")


class Letter(Struct, kw_only=True):
    """One mail. Header names are in lower case and in the mail's order, values decoded and on one line."""

    headers: Sequence[tuple[str, str]]
    text: str | None = None
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    to: Sequence[str] = ()  # whom the vendor received it for (the envelope); empty: the headers must tell
    sender: str | None = None  # from the envelope, for mail without From
    message_id: str | None = None  # where the vendor gives the mail's apart from its headers
    fallback_id: str | None = None  # the vendor's own id, for mail without Message-ID
    sent_at: datetime | None = None
    automated: str | None = None  # what the vendor says against answering: "spam", "virus"
    reports: tuple[Returned, ...] = ()  # of a delivery status notification or a complaint
    raw: bytes

    def header(self, name: str) -> str | None:
        """The first header of this name."""
        return next((value for each, value in self.headers if each == name), None)

    def addresses(self, *names: str) -> list[Mailbox]:
        """Everybody named in headers of these names."""
        return [one for name in names for each, value in self.headers if each == name for one in found_in(value)]


def inbounds(letter: Letter, received_at: datetime) -> list[Inbound]:
    """The mail, once for each recipient of several the vendor names; else once, for whoever of its recipients is ours.

    A single recipient may be one of the vendor's own addresses that our mailbox forwards to: then the headers name us.
    Raises Malformed where nobody is named.
    """
    named = [one.address for one in letter.addresses(*_ENVELOPE, "to", "cc", "bcc")]
    to = list(dict.fromkeys(one.address for text in letter.to for one in found_in(text)))[:MOST_RECIPIENTS]
    bodies = _bodies(letter)  # once: reading them takes longest
    if len(to) > 1:
        return [_inbound(letter, bodies, [address], received_at) for address in to]
    recipients = list(dict.fromkeys([*to, *named]))[:MOST_RECIPIENTS]
    if not recipients:
        raise Malformed("The mail names no recipient.", pointer="/to")
    return [_inbound(letter, bodies, recipients, received_at)]


def happened(letter: Letter, received_at: datetime) -> list[Event]:
    """The mail, and what it reports about mail of ours. Raises Malformed as `inbounds` does."""
    found = inbounds(letter, received_at)
    return [*found, *(one.event(found[0].account, found[0].sent_at) for one in letter.reports)]


def completed(pointer: Inbound, letter: Letter) -> list[Event]:
    """What happened, for whom the pointer to the mail was and under its id."""
    (read,) = inbounds(letter, pointer.sent_at)
    whole = msgspec.structs.replace(
        read,
        account=pointer.account,
        provider_message_id=pointer.provider_message_id,
        token=pointer.token,
        recipients=(),
    )
    return [whole, *(one.event(whole.account, whole.sent_at) for one in letter.reports)]


def _inbound(letter: Letter, bodies: tuple[str, str], recipients: list[str], received_at: datetime) -> Inbound:
    own, token = without_token(recipients[0])
    ours = {own, recipients[0]}
    sender = next(iter(letter.addresses("from", "sender", "return-path")), None) or _first(letter.sender)
    asked = letter.addresses("reply-to")
    person = next((one for one in asked if one.address not in ours), None) or sender
    looping = bool(sender and sender.address == own) or (bool(asked) and all(one.address in ours for one in asked))
    whole, new = bodies
    references, in_reply_to = letter.header("references"), letter.header("in-reply-to")
    name = (person and person.name) or (sender and sender.name)
    return Inbound(
        account=own,
        provider_message_id=_message_id(letter),
        sender=Address(kind="email", value=person.address if person else NOBODY),
        sender_name=name or None,
        text=new,
        whole=whole if whole != new else None,
        subject=letter.header("subject"),
        quotes=answered(references, in_reply_to),
        thread=thread_of(references, in_reply_to),
        token=token,
        sent_at=_sent_at(letter, received_at),
        automated=letter.automated or ("own-address" if looping else _automated(letter, person, own)),
        attachments=letter.attachments,
        recipients=tuple(recipients) if recipients != [own] else (),
        raw=letter.raw,
    )


def _automated(letter: Letter, person: Mailbox | None, own: str) -> str | None:
    if person is None:
        return "no-sender"
    first = dict(reversed(letter.headers))  # of headers that stand twice
    return automated.reason(first, person.address, own)


def _message_id(letter: Letter) -> str:
    given = letter.message_id or bare_id(letter.header("message-id"))
    return given or bare_id(letter.fallback_id) or fingerprint(letter.raw)


def _bodies(letter: Letter) -> tuple[str, str]:
    """(everything, what is new)."""
    subject = letter.header("subject")
    if letter.text and letter.text.strip():
        whole = clean(letter.text.replace("\r\n", "\n")).strip()
        return whole, newest(whole, subject)
    if not letter.html:
        return "", ""
    html = clean(letter.html)
    whole = text_of(html)
    if is_forward(subject) or holds_forward(whole):
        return whole, whole
    new = newest(text_of(folded(html)), subject)
    return whole, whole if PLACE in new else new or newest(whole, subject)


def _sent_at(letter: Letter, received_at: datetime) -> datetime:
    """The vendor's or the mail's date; the arrival where there is none or it lies ahead by more than a day."""
    moment = letter.sent_at or date_of(letter.header("date"))
    return moment if moment and moment <= received_at + _AHEAD else received_at


def date_of(text: str | None) -> datetime | None:
    """An RFC 5322 date, in UTC."""
    try:
        moment = parsedate_to_datetime(text or "")
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _first(text: str | None) -> Mailbox | None:
    return next(iter(found_in(text or "")), None)
