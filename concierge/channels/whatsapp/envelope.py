"""The outside of a WhatsApp webhook: entry × change × message or status, each still as its own bytes.

Shape: Meta, Cloud API, “Webhooks overview”. Every level is decoded on its own, so that what is wrong in one place
leaves its neighbours readable, and the pointer to it is exact.
"""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE, clean, decoded
from concierge.errors import Malformed

OBJECT = "whatsapp_business_account"
MESSAGES = "messages"
STANDBY = "standby"  # the same, while Meta's own agent holds the conversation

Id = Annotated[str, Meta(min_length=1, max_length=64)]


class Metadata(Struct):
    """The number of ours it was sent to."""

    phone_number_id: Id


class Value(Struct):
    """What happened on one of our numbers."""

    metadata: Metadata
    contacts: list[Raw] | None = None
    messages: list[Raw] | None = None
    statuses: list[Raw] | None = None
    errors: list[Raw] | None = None
    message_echoes: list[Raw] | None = None
    user_preferences: list[Raw] | None = None


class Change(Struct):
    """One change: its field, its value (None where it says nothing of the kind `Value` is), and its own bytes."""

    field: str
    value: Value | None
    account: str  # the number's id, else the business account's
    time: int | float | str  # unix seconds, where Meta says; else ""
    raw: bytes


class Unopened(Struct):
    """A part of the batch whose shape is wrong."""

    raw: bytes
    fault: Malformed


class _Change(Struct):
    value: Raw
    field: str = MESSAGES


class _Entry(Struct):
    changes: list[Raw]


class _Sample(Struct, forbid_unknown_fields=True):
    field: str
    value: Raw


class _Origin(Struct):
    id: Id | int = ""
    time: int | float | str = ""


class _Envelope(Struct):
    object: str
    entry: list[Raw]


_envelope = Decoder(_Envelope)
_entry = Decoder(_Entry)
_sample = Decoder(_Sample)
_origin = Decoder(_Origin)
_change = Decoder(_Change)
_value = Decoder(Value)


def opened(body: bytes) -> Iterator[Change | Unopened]:
    """Every change, in order. Raises Malformed where nothing can be opened at all."""
    envelope = _alone(body) or decoded(_envelope, body)
    if envelope.object != OBJECT:
        raise Malformed(f"The field /object is not {OBJECT}.", pointer="/object")
    for i, entry in enumerate(envelope.entry):
        try:
            changes = decoded(_entry, entry, f"/entry/{i}").changes
        except Malformed as fault:
            yield Unopened(bytes(entry), fault)
            continue
        origin = _origin_of(entry)
        for j, change in enumerate(changes):
            yield _opened_change(change, origin, f"/entry/{i}/changes/{j}")


def _alone(body: bytes) -> _Envelope | None:
    """A change without anything around it, as the dashboard of the app shows and posts its samples; None otherwise."""
    try:
        _sample.decode(body)
    except UNDECODABLE:
        return None
    return _Envelope(OBJECT, [Raw(b'{"changes":[' + body + b"]}")])


def _opened_change(raw: Raw, origin: _Origin, pointer: str) -> Change | Unopened:
    try:
        change = decoded(_change, raw, pointer)
        value = decoded(_value, change.value, f"{pointer}/value") if change.field in {MESSAGES, STANDBY} else None
    except Malformed as fault:
        return Unopened(bytes(raw), fault)
    if value is None:
        value = _value_if_any(change.value)
    account = value.metadata.phone_number_id if value else str(origin.id)
    return Change(clean(change.field), value, clean(account), origin.time, bytes(raw))


def _origin_of(entry: Raw) -> _Origin:
    try:
        return _origin.decode(entry)
    except UNDECODABLE:
        return _Origin()


def _value_if_any(raw: Raw) -> Value | None:
    """Some fields name the number they are about, and some have another shape altogether."""
    try:
        return _value.decode(raw)
    except UNDECODABLE:
        return None
