"""What an Instagram message holds beside its words.

Shapes: Meta, Instagram Platform, “Webhooks”, `message.attachments`.
"""

from collections.abc import Sequence

from msgspec import Raw, Struct
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE, clean
from concierge.channels.model import Attachment

LONGEST = 64  # characters of a type


class _Coordinates(Struct):
    lat: float | str
    long: float | str


class _Payload(Struct):
    url: str | None = None
    title: str | None = None
    coordinates: _Coordinates | None = None  # of a location; Pages only


class Enclosed(Struct):
    """One attachment as Meta writes it."""

    type: str = "file"
    payload: _Payload | None = None

    def words(self) -> str:
        """A label that a person can read."""
        label = _LABELS.get(self.type) or self.type.replace("_", " ")
        place = self.payload and self.payload.coordinates
        told = [self.payload and self.payload.title, f"({place.lat}, {place.long})" if place else None]
        words = " ".join(each for each in told if each)
        return f"[{label}: {words}]" if words else f"[{label}]"


_LABELS = {
    "story_mention": "mentioned you in their story",
    "share": "shared post",
    "ig_post": "shared post",
    "ig_reel": "shared reel",
    "reel": "shared reel",
    "ig_story": "shared story",
    "ephemeral": "disappearing photo or video",
    "unsupported_type": "unsupported",
}

_enclosed = Decoder(Enclosed)
_items = Decoder(list[Raw] | None)


def enclosed(items: Raw) -> list[Enclosed]:
    """What can be read of a message's attachments; the rest is named a file, so that nobody overlooks it."""
    try:
        return [_read(item) for item in (_items.decode(items) if items else None) or ()]
    except UNDECODABLE:
        return [Enclosed()]


def attachments(items: Sequence[Enclosed], story_url: str | None) -> tuple[Attachment, ...]:
    """Those with a URL, and the story that was replied to: its picture is gone after a day."""
    located = [(item.type[:LONGEST], item.payload.url) for item in items if item.payload and item.payload.url]
    if story_url:
        located.append(("story", story_url))
    return tuple(Attachment(kind=clean(kind), locator=clean(url)) for kind, url in located)


def _read(item: Raw) -> Enclosed:
    try:
        return _enclosed.decode(item)
    except UNDECODABLE:
        return Enclosed()
