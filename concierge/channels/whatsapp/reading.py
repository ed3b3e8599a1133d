"""Reads WhatsApp webhooks: every message and every status of a batch. Shapes: Meta, Cloud API reference, webhooks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from concierge.channels import meta
from concierge.channels.decoding import ABSENT, UNDECODABLE, bounded, clean, fingerprint
from concierge.channels.model import Event, Inbound, Receipt
from concierge.channels.model import Raw as Request
from concierge.channels.whatsapp.enclosures import attachments, choice
from concierge.channels.whatsapp.envelope import MESSAGES, STANDBY, Change, Unopened, opened
from concierge.channels.whatsapp.moments import instant
from concierge.channels.whatsapp.notices import told
from concierge.channels.whatsapp.people import Contact, Ids, addresses, contact_of, contacts_of, renamed
from concierge.channels.whatsapp.rendering import rendered
from concierge.channels.whatsapp.statuses import opt_outs, receipt
from concierge.channels.whatsapp.surroundings import quotes, surroundings

Id = Annotated[str, Meta(max_length=512)]  # longer ones would not fit into an index


class _Message(Struct, rename={"from_": "from"}):
    type: Annotated[str, Meta(max_length=64)] = "unknown"
    id: Id | None = None
    from_: Id | None = None
    from_user_id: Id | None = None
    from_parent_user_id: Id | None = None
    timestamp: str | int | float | None = None
    group_id: Id | None = None
    text: Raw = ABSENT
    context: Raw = ABSENT
    referral: Raw = ABSENT


MOST_CONTACTS = 1_000  # a batch of Meta's holds no more messages; each is looked for among them

_message = Decoder(_Message)
_members = Decoder(dict[str, Raw])
_id = Decoder(Annotated[str, Meta(min_length=1, max_length=512)])


class WhatsApp:
    """The reader of WhatsApp webhooks."""

    name = "whatsapp"

    def challenge(self, query: Mapping[str, str], tokens: Sequence[str]) -> str | None:
        """Answer Meta's verification request. Raises Forged."""
        return meta.challenge(query, tokens)

    def authentic(self, raw: Request, secrets: Sequence[str]) -> bool:
        """Whether the request was signed with one of these app secrets."""
        return meta.authentic(raw, secrets)

    def read(self, raw: Request) -> list[Event]:
        """Every message, status and notice, in order. Raises Malformed where nothing at all can be read.

        What cannot be read beside something that can is kept as an Inbound of the kind `unreadable`.
        """
        events: list[Event] = []
        faults = []
        for change in bounded(opened(raw.body)):
            if isinstance(change, Unopened):
                faults.append(change.fault)
                events.append(_unreadable("", change.raw, raw.received_at))
            else:
                events.extend(bounded(_happened(change, raw.received_at), before=len(events)))
        if faults and len(faults) == len(events):
            raise faults[0]
        return events


def _happened(change: Change, now: datetime) -> Iterator[Event]:
    value = change.value if change.field in {MESSAGES, STANDBY} else None
    if value:
        contacts = contacts_of((value.contacts or ())[:MOST_CONTACTS])
        messages = value.messages or ()
        for item in messages:
            yield from _said(change, contacts, item, now, alone=len(messages) == 1)
        for item in value.statuses or ():
            yield from _reported(change.account, item, now)
    yield from told(change, now)


def _reported(account: str, item: Raw, now: datetime) -> Iterator[Event]:
    try:
        report = receipt(account, item, now)
    except UNDECODABLE:
        yield _unreadable(account, bytes(item), now)
        return
    yield report
    if isinstance(report, Receipt):
        yield from opt_outs(report)


def _said(change: Change, contacts: list[Contact], item: Raw, now: datetime, *, alone: bool) -> Iterator[Event]:
    raw = bytes(item)
    try:
        message = _message.decode(item)
        kind = message.type
        members = {} if kind == "text" else _members.decode(item)
    except UNDECODABLE:
        yield _unreadable(change.account, raw, now, _members_of(item))
        return
    ids = Ids(message.from_ or "", message.from_user_id or "", message.from_parent_user_id or "")
    contact = contact_of(ids, contacts, alone=alone)
    sender, *also = addresses(ids, contact)
    body = message.text if kind == "text" else members.get(kind, ABSENT)
    sent_at = instant(message.timestamp, now)
    if kind == "system" and body:  # first, so that whoever acts on it knows the sender of what follows
        yield from renamed(change.account, ids, body, sent_at)
    yield Inbound(
        account=change.account,
        provider_message_id=clean(message.id or "") or fingerprint(raw),
        sender=sender,
        sender_name=contact.name() if contact else None,
        kind=clean(kind),
        text=clean(rendered(kind, body, message.text)),
        quotes=quotes(message.context, body if kind in {"reaction", "edit", "revoke"} else ABSENT),
        sent_at=sent_at,
        automated=_automated(change, message),
        also=tuple(also),
        attachments=attachments(kind, body),
        choice=choice(kind, body),
        context=surroundings(message.context, message.referral, message.group_id or ""),
        group=clean(message.group_id or "") or None,
        raw=raw,
    )


def _automated(change: Change, message: _Message) -> str | None:
    """Why nobody should be answered: nobody said it, somebody else answers, or it was said to many."""
    if message.type == "system":
        return "system"
    if change.field == STANDBY:
        return "standby"
    return "group" if message.group_id else None


def _unreadable(account: str, raw: bytes, now: datetime, members: Mapping[str, Raw] | None = None) -> Inbound:
    """What is kept of a part that cannot be read; `members` are a message's, where it is an object at all."""
    message = members or {}
    return Inbound(
        account=account,
        provider_message_id=_text(message, "id") or fingerprint(raw),
        sender=addresses(Ids(_text(message, "from"), _text(message, "from_user_id")), None)[0],
        kind="unreadable",
        text="[unreadable message]",
        sent_at=now,
        automated="unreadable",
        raw=raw,
    )


def _members_of(item: Raw) -> Mapping[str, Raw]:
    try:
        return _members.decode(item)
    except UNDECODABLE:
        return {}


def _text(members: Mapping[str, Raw], name: str) -> str:
    try:
        return clean(_id.decode(members[name]))
    except (KeyError, *UNDECODABLE):
        return ""
