"""Reads WhatsApp webhooks: every message and every status of a batch. Shapes: Meta, Cloud API reference, webhooks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from concierge.channels import meta
from concierge.channels.decoding import ABSENT, UNDECODABLE, clean, fingerprint
from concierge.channels.model import Address, Event, Inbound
from concierge.channels.model import Raw as Request
from concierge.channels.whatsapp.envelope import Unopened, Value, opened
from concierge.channels.whatsapp.moments import instant
from concierge.channels.whatsapp.rendering import rendered
from concierge.channels.whatsapp.statuses import receipt

Id = Annotated[str, Meta(max_length=512)]  # longer ones would not fit into an index
NOBODY = Address(kind="phone", value="unknown")


class _Message(Struct, rename={"from_": "from"}):
    type: Annotated[str, Meta(max_length=64)] = "unknown"
    id: Id = ""
    from_: Id = ""
    from_user_id: Id = ""
    timestamp: str | int = ""
    text: Raw = ABSENT
    context: Raw = ABSENT


class _Profile(Struct):
    name: str | None = None


class _Contact(Struct):
    profile: _Profile | None = None
    wa_id: str | None = None
    user_id: str | None = None


class _Quoted(Struct):
    id: str | None = None
    message_id: str | None = None
    original_message_id: str | None = None


_message = Decoder(_Message)
_contact = Decoder(_Contact)
_quoted = Decoder(_Quoted)
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
        """Every message and status, in order. Raises Malformed where nothing at all can be read.

        What cannot be read beside something that can is kept as an Inbound of the kind `unreadable`.
        """
        events: list[Event] = []
        faults = []
        for value in opened(raw.body):
            if isinstance(value, Unopened):
                faults.append(value.fault)
                events.append(_unreadable("", value.raw, raw.received_at))
            else:
                events.extend(_happened(value, raw.received_at))
        if faults and len(faults) == len(events):
            raise faults[0]
        return events


def _happened(value: Value, now: datetime) -> Iterator[Event]:
    account = clean(value.metadata.phone_number_id)
    contacts = _contacts(value.contacts or ())
    for item in value.messages or ():
        yield _inbound(account, contacts, item, now)
    for item in value.statuses or ():
        try:
            known = receipt(account, item, now)
        except UNDECODABLE:
            yield _unreadable(account, bytes(item), now)
        else:
            if known:
                yield known


def _inbound(account: str, contacts: list[_Contact], item: Raw, now: datetime) -> Inbound:
    raw = bytes(item)
    try:
        message = _message.decode(item)
        kind = message.type
        members = {} if kind == "text" else _members.decode(item)
    except UNDECODABLE:
        return _unreadable(account, raw, now, _members_of(item))
    contact = _contact_of(message, contacts)
    body = message.text if kind == "text" else members.get(kind, ABSENT)
    return Inbound(
        account=account,
        provider_message_id=clean(message.id) or fingerprint(raw),
        sender=_sender(message.from_, message.from_user_id, contact),
        sender_name=clean(contact.profile.name) if contact and contact.profile and contact.profile.name else None,
        kind=clean(kind),
        text=clean(rendered(kind, body)),
        quotes=_quotes(message.context, body if kind in {"reaction", "edit", "revoke"} else ABSENT),
        sent_at=instant(message.timestamp, now),
        automated="system" if kind == "system" else None,
        raw=raw,
    )


def _unreadable(account: str, raw: bytes, now: datetime, members: Mapping[str, Raw] | None = None) -> Inbound:
    """What is kept of a part that cannot be read; `members` are a message's, where it is an object at all."""
    message = members or {}
    return Inbound(
        account=account,
        provider_message_id=_text(message, "id") or fingerprint(raw),
        sender=_sender(_text(message, "from"), _text(message, "from_user_id"), None),
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


def _sender(phone: str, user_id: str, contact: _Contact | None) -> Address:
    """The phone where Meta names it, else the business-scoped user id: people with a username may have no phone."""
    if contact and not phone and not user_id:
        phone, user_id = contact.wa_id or "", contact.user_id or ""
    if phone:
        return Address(kind="phone", value=clean(phone.removeprefix("+")))
    return Address(kind="bsuid", value=clean(user_id)) if user_id else NOBODY


def _contacts(items: Sequence[Raw]) -> list[_Contact]:
    known = []
    for item in items:
        try:
            known.append(_contact.decode(item))
        except UNDECODABLE:
            continue  # only a name is lost, and the message is what counts
    return known


def _contact_of(message: _Message, contacts: list[_Contact]) -> _Contact | None:
    for contact in contacts:
        if (message.from_ and contact.wa_id == message.from_) or (
            message.from_user_id and contact.user_id == message.from_user_id
        ):
            return contact
    return contacts[0] if len(contacts) == 1 else None  # `wa_id` and `from` "may not always match"


def _quotes(*sources: Raw) -> str | None:
    for source in sources:
        try:
            quoted = _quoted.decode(source) if source else None
        except UNDECODABLE:
            continue
        found = quoted and (quoted.id or quoted.message_id or quoted.original_message_id)
        if found:
            return clean(found)
    return None
