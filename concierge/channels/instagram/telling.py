"""Which member of an item says what happened, and who tells it."""

from collections.abc import Callable, Iterator

from msgspec import Raw, json

from concierge.channels.instagram.acting import pressed, reacted, referred
from concierge.channels.instagram.happening import Happening
from concierge.channels.instagram.receipts import arrived, read
from concierge.channels.instagram.saying import edited, said
from concierge.channels.model import Event

_EVERYWHERE = {"sender", "recipient", "timestamp"}
_TELLERS: dict[str, Callable[[Happening, Raw], Iterator[Event]]] = {
    "message": said,
    "message_edit": edited,
    "reaction": reacted,
    "postback": pressed,
    "referral": referred,
    "read": read,
    "delivery": arrived,
}


def happened(event: Happening) -> Iterator[Event]:
    """The events of one item. Raises what UNDECODABLE names."""
    for name, tell in _TELLERS.items():
        if body := getattr(event.item, name):
            yield from tell(event, body)
            return
    members = [name for name in json.decode(event.raw, type=dict[str, Raw]) if name not in _EVERYWHERE]
    yield event.notice("unknown", ", ".join(members) or "an empty item")
