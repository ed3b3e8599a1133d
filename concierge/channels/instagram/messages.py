"""What a person can do on Instagram, one Struct each. Shapes: Meta, Instagram Platform, “Webhooks: examples”.

Members that Meta calls optional are optional here, and so are most others.
"""

from typing import Annotated

from msgspec import Meta, Raw, Struct

from concierge.channels.decoding import ABSENT
from concierge.channels.instagram.envelope import Id

Given = Annotated[str, Meta(min_length=1, max_length=512)]


class Party(Struct):
    """One side of a conversation."""

    id: Id | int = ""


class Item(Struct):
    """One item of a batch. Exactly one of the members from `message` on is there."""

    sender: Party | None = None
    recipient: Party | None = None
    timestamp: int | float | str = ""
    message: Raw = ABSENT
    message_edit: Raw = ABSENT
    reaction: Raw = ABSENT
    postback: Raw = ABSENT
    referral: Raw = ABSENT
    read: Raw = ABSENT
    delivery: Raw = ABSENT


class Message(Struct):
    """Something said. `is_echo`: by the business itself."""

    mid: Id = ""  # always there, but in what some test tools send
    text: str | None = None
    attachments: Raw = ABSENT
    is_echo: bool = False
    is_deleted: bool = False
    is_unsupported: bool = False
    quick_reply: Raw = ABSENT
    referral: Raw = ABSENT
    reply_to: Raw = ABSENT


class Edit(Struct):
    """Something said, said anew."""

    mid: Given
    text: str = ""
    num_edit: int | str = 0


class Reaction(Struct):
    """A sign under a message, or its removal."""

    mid: Given
    action: str = "react"
    reaction: str | None = None  # its name, such as "love"
    emoji: str | None = None

    def words(self) -> str:
        """The same words as on every channel."""
        return "[reaction removed]" if self.action == "unreact" else f"[reaction: {self.emoji or self.reaction or '?'}]"


class Postback(Struct):
    """A pressed button, ice breaker or menu item."""

    mid: Id = ""
    title: str | None = None
    payload: str | None = None


class Seen(Struct):
    """What has been read: one message, or everything up to an instant (unix milliseconds)."""

    mid: Id = ""
    watermark: int | float | str = ""


class Delivered(Struct):
    """What has arrived; Pages only."""

    mids: list[Given] | None = None
    watermark: int | float | str = ""


class QuickReply(Struct):
    """The payload of a pressed quick reply."""

    payload: str | None = None


class Story(Struct):
    """The story that is replied to."""

    id: str | None = None
    url: str | None = None


class ReplyTo(Struct):
    """What is replied to."""

    mid: str | None = None
    story: Story | None = None


class Product(Struct):
    """The product of a shop that somebody asks about."""

    id: str | None = None


class Ad(Struct):
    """The ad that led somebody here."""

    ad_title: str | None = None


class Referral(Struct):
    """Where somebody came from."""

    ref: str | None = None
    source: str | None = None
    ad_id: str | None = None
    ads_context_data: Ad | None = None
    product: Product | None = None

    def words(self) -> str:
        """Readable."""
        if self.product and self.product.id:
            return f"about the product {self.product.id}"
        title = self.ads_context_data and self.ads_context_data.ad_title
        source = "ad" if self.ad_id or self.source == "ADS" else "link"
        named = [f"from the {source}", f"“{title}”" if title else None, self.ref and f"({self.ref})"]
        return " ".join(part for part in named if part)
