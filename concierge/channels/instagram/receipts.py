"""What Instagram says about messages of ours: read, and for pages delivered."""

from collections.abc import Iterator

from msgspec import Raw
from msgspec.json import Decoder

from concierge.channels.decoding import clean
from concierge.channels.instagram.happening import Happening
from concierge.channels.instagram.messages import Delivered, Seen
from concierge.channels.instagram.moments import instant
from concierge.channels.model import Event, Receipt

_seen = Decoder(Seen)
_delivered = Decoder(Delivered)


def read(event: Happening, body: Raw) -> Iterator[Event]:
    """One message, or everything up to an instant. Raises what UNDECODABLE names."""
    seen = _seen.decode(body)
    yield _receipt(event, "read", seen.mid, seen.watermark)


def arrived(event: Happening, body: Raw) -> Iterator[Event]:
    """Some messages, or everything up to an instant. Raises what UNDECODABLE names."""
    delivered = _delivered.decode(body)
    for mid in delivered.mids or [""]:
        yield _receipt(event, "delivered", mid, delivered.watermark)


def _receipt(event: Happening, status: str, mid: str, watermark: float | str) -> Receipt:
    return Receipt(
        account=event.account,
        provider_message_id=clean(mid) if mid else None,
        outbound_id=None,
        status="read" if status == "read" else "delivered",
        at=event.at if mid else instant(watermark, event.at),
        addresses=(event.person,),
    )
