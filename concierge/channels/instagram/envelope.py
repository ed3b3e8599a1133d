"""The outside of an Instagram webhook: entry × messaging, standby or changes, each item still as its own bytes.

Shape: Meta, Instagram Platform, “Webhooks”, and Messenger Platform, “Webhooks”. A Facebook Page (object `page`) speaks
the same way. Tests from Meta's dashboard stand under `changes`, with the item as `value`.
"""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from concierge.channels.decoding import clean, decoded
from concierge.errors import Malformed

OBJECTS = frozenset({"instagram", "page"})
MESSAGING = frozenset(
    {
        "messages",
        "message_edit",
        "message_edits",
        "message_reactions",
        "messaging_handover",
        "messaging_optins",
        "messaging_postbacks",
        "messaging_referral",
        "messaging_referrals",
        "messaging_seen",
        "standby",
    }
)
"""Fields whose `value` is what otherwise stands in `messaging`."""

Id = Annotated[str, Meta(max_length=512)]  # longer ones would not fit into an index


class Item(Struct):
    """Something that happened between the account and one person."""

    account: str  # the entry's id; "" or "0" in a test
    time: int | float | str
    raw: Raw
    standby: bool = False  # another app holds the conversation


class Change(Struct):
    """News of another field, such as comments."""

    account: str
    time: int | float | str
    field: str
    raw: bytes


class Unopened(Struct):
    """A part of the batch whose shape is wrong."""

    account: str
    raw: bytes
    fault: Malformed


class _Change(Struct):
    value: Raw
    field: str


class _Entry(Struct):
    id: Id | int = ""
    time: int | float | str = ""
    messaging: list[Raw] | None = None
    standby: list[Raw] | None = None
    changes: list[Raw] | None = None


class _Envelope(Struct):
    object: str
    entry: list[Raw]


_envelope = Decoder(_Envelope)
_entry = Decoder(_Entry)
_change = Decoder(_Change)


def opened(body: bytes) -> Iterator[Item | Change | Unopened]:
    """Everything in the batch, in its order. Raises Malformed where nothing can be opened at all."""
    envelope = decoded(_envelope, body)
    if envelope.object not in OBJECTS:
        raise Malformed("The field /object is not instagram.", pointer="/object")
    for i, raw in enumerate(envelope.entry):
        try:
            entry = decoded(_entry, raw, f"/entry/{i}")
        except Malformed as fault:
            yield Unopened("", bytes(raw), fault)
        else:
            yield from _within(entry, raw, f"/entry/{i}")


def _within(entry: _Entry, raw_entry: Raw, pointer: str) -> Iterator[Item | Change | Unopened]:
    account = clean(str(entry.id))
    if entry.messaging is None and entry.standby is None and entry.changes is None:
        fault = Malformed(f"The field {pointer}/messaging is missing.", pointer=f"{pointer}/messaging")
        yield Unopened(account, bytes(raw_entry), fault)
    for item in entry.messaging or ():
        yield Item(account, entry.time, item)
    for item in entry.standby or ():
        yield Item(account, entry.time, item, standby=True)
    for j, raw in enumerate(entry.changes or ()):
        try:
            change = decoded(_change, raw, f"{pointer}/changes/{j}")
        except Malformed as fault:
            yield Unopened(account, bytes(raw), fault)
            continue
        if change.field in MESSAGING:
            yield Item(account, entry.time, change.value, standby=change.field == "standby")
        else:
            yield Change(account, entry.time, clean(change.field), bytes(raw))
