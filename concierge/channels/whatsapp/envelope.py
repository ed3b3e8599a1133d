"""The outside of a WhatsApp webhook: entry × change × message or status, each still as its own bytes.

Shape: Meta, Cloud API, “Webhooks overview”. Every level is decoded on its own, so that what is wrong in one place
leaves its neighbours readable, and the pointer to it is exact.
"""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from concierge.channels.decoding import decoded
from concierge.errors import Malformed

OBJECT = "whatsapp_business_account"
MESSAGES = "messages"


class Metadata(Struct):
    """The number of ours it was sent to."""

    phone_number_id: Annotated[str, Meta(min_length=1, max_length=64)]


class Value(Struct):
    """What happened on one of our numbers."""

    metadata: Metadata
    contacts: list[Raw] | None = None
    messages: list[Raw] | None = None
    statuses: list[Raw] | None = None


class _Change(Struct):
    value: Raw
    field: str = MESSAGES


class _Entry(Struct):
    changes: list[Raw]


class _Envelope(Struct):
    object: str
    entry: list[Raw]


_envelope = Decoder(_Envelope)
_entry = Decoder(_Entry)
_change = Decoder(_Change)
_value = Decoder(Value)


class Unopened(Struct):
    """A part of the batch whose shape is wrong."""

    raw: bytes
    fault: Malformed


def opened(body: bytes) -> Iterator[Value | Unopened]:
    """Every change of the field `messages`, in order. Raises Malformed where nothing can be opened at all.

    Changes of other fields (account and template news) are not messages and are passed over.
    """
    envelope = decoded(_envelope, body)
    if envelope.object != OBJECT:
        raise Malformed(f"The field /object is not {OBJECT}.", pointer="/object")
    for i, entry in enumerate(envelope.entry):
        try:
            changes = decoded(_entry, entry, f"/entry/{i}").changes
        except Malformed as fault:
            yield Unopened(bytes(entry), fault)
            continue
        for j, change in enumerate(changes):
            value = _opened_change(change, f"/entry/{i}/changes/{j}")
            if value is not None:
                yield value


def _opened_change(raw: Raw, pointer: str) -> Value | Unopened | None:
    try:
        change = decoded(_change, raw, pointer)
        return decoded(_value, change.value, f"{pointer}/value") if change.field == MESSAGES else None
    except Malformed as fault:
        return Unopened(bytes(raw), fault)
