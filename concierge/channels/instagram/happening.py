"""One item of an Instagram batch as our events.

Somebody said, pressed, reacted to, read or deleted something, or the business itself sent it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from msgspec import Raw, Struct, json
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE, clean, fingerprint
from concierge.channels.instagram.enclosures import attachments, enclosed
from concierge.channels.instagram.messages import (
    Delivered,
    Edit,
    Item,
    Message,
    Postback,
    QuickReply,
    Reaction,
    Referral,
    ReplyTo,
    Seen,
)
from concierge.channels.instagram.moments import instant
from concierge.channels.model import Address, Echo, Event, Inbound, Notice, Receipt

T = TypeVar("T")

NOBODY = Address(kind="igsid", value="unknown")


class Happening(Struct, kw_only=True):
    """An item, and between whom it happened."""

    account: str
    person: Address
    ours: bool  # the business itself did it
    standby: bool
    at: datetime
    item: Item
    raw: bytes

    def inbound(self, id: str, kind: str, text: str, **more: object) -> Inbound:
        """What the person did, as a message."""
        members: dict[str, object] = {"automated": "standby" if self.standby else None} | more
        return Inbound(
            account=self.account,
            provider_message_id=clean(id) or fingerprint(self.raw),
            sender=self.person,
            kind=clean(kind)[:64],
            text=clean(text),
            sent_at=self.at,
            raw=self.raw,
            **members,  # type: ignore[arg-type]
        )

    def notice(self, kind: str, text: str) -> Notice:
        """What has no word of its own."""
        return Notice(account=self.account, kind=kind, text=clean(text)[:500], raw=self.raw, at=self.at)


_message = Decoder(Message)
_edit = Decoder(Edit)
_reaction = Decoder(Reaction)
_postback = Decoder(Postback)
_referral = Decoder(Referral)
_seen = Decoder(Seen)
_delivered = Decoder(Delivered)
_quick_reply = Decoder(QuickReply)
_reply_to = Decoder(ReplyTo)


def happened(event: Happening) -> Iterator[Event]:
    """The events of one item. Raises what UNDECODABLE names."""
    for name, tell in _TELLERS.items():
        if body := getattr(event.item, name):
            yield from tell(event, body)
            return
    members = [name for name in json.decode(event.raw, type=dict[str, Raw]) if name not in _EVERYWHERE]
    yield event.notice("unknown", ", ".join(members) or "an empty item")


_EVERYWHERE = {"sender", "recipient", "timestamp"}


def _said(event: Happening, body: Raw) -> Iterator[Event]:
    message = _message.decode(body)
    if message.is_echo or event.ours:
        yield from _echoed(event, message)
    elif message.is_deleted:
        yield event.inbound(f"deleted:{message.mid}", "deleted", "[message deleted]", quotes=clean(message.mid))
    else:
        yield _spoken(event, message)


def _spoken(event: Happening, message: Message) -> Inbound:
    reply = _whole(_reply_to, message.reply_to) or ReplyTo()
    referral = _whole(_referral, message.referral)
    pressed = _whole(_quick_reply, message.quick_reply)
    parts = enclosed(message.attachments or ())
    kind = parts[0].type if parts else "text" if message.text else "unsupported"
    story = reply.story
    context = ["reply to your story" if story else None, referral.words() if referral else None]
    return event.inbound(
        message.mid,
        "unsupported" if message.is_unsupported else kind,
        _words(message),
        quotes=clean(reply.mid) if reply.mid else None,
        attachments=attachments(parts, story.url if story else None),
        choice=clean(pressed.payload) if pressed and pressed.payload else None,
        context=clean("; ".join(part for part in context if part)) or None,
    )


def _words(message: Message) -> str:
    labels = [part.words() for part in enclosed(message.attachments or ())]
    text = " ".join(part for part in [*labels, message.text] if part)
    return text or "[unsupported]"


def _echoed(event: Happening, message: Message) -> Iterator[Event]:
    """Sent by the business: by us, by hand in the app, or by another app. `sender` is the business then."""
    item = event.item
    person = clean(item.recipient.id) if item.recipient else ""
    if message.is_deleted or not person:
        yield event.notice("echo", f"deleted {message.mid}" if message.is_deleted else message.mid)
        return
    # a test of the dashboard names no account in its entry: then the sender is ours
    account = clean(item.sender.id) if item.sender and event.account == person else event.account
    yield Echo(
        account=account,
        provider_message_id=clean(message.mid),
        recipient=Address("igsid", person),
        text=clean(_words(message)),
        at=event.at,
        raw=event.raw,
    )


def _edited(event: Happening, body: Raw) -> Iterator[Event]:
    edit = _edit.decode(body)
    if event.ours:
        yield event.notice("echo", f"edited {edit.mid}")
        return
    id = f"edit:{str(edit.num_edit)[:20]}:{edit.mid}"
    yield event.inbound(id, "edit", f"[edited] {edit.text}", quotes=clean(edit.mid))


def _reacted(event: Happening, body: Raw) -> Iterator[Event]:
    reaction = _reaction.decode(body)
    if event.ours:
        yield event.notice("echo", f"reacted to {reaction.mid}")
        return
    what = f"{reaction.mid} {reaction.action} {reaction.emoji} {event.person.value} {event.item.timestamp}"
    id = "reaction:" + fingerprint(what.encode())
    yield event.inbound(id, "reaction", reaction.words(), quotes=clean(reaction.mid))


def _pressed(event: Happening, body: Raw) -> Iterator[Event]:
    pressed = _postback.decode(body)
    choice = clean(pressed.payload) if pressed.payload else None
    yield event.inbound(pressed.mid, "postback", pressed.title or pressed.payload or "[button]", choice=choice)


def _referred(event: Happening, body: Raw) -> Iterator[Event]:
    """Somebody opened the conversation from a link or an ad, and has said nothing yet."""
    referral = _referral.decode(body)
    choice = clean(referral.ref) if referral.ref else None
    came = referral.words()
    text = f"[opened the conversation {came}]"
    yield event.inbound("", "referral", text, automated="referral", choice=choice, context=clean(came))


def _read(event: Happening, body: Raw) -> Iterator[Event]:
    seen = _seen.decode(body)
    yield _receipt(event, "read", seen.mid, seen.watermark)


def _arrived(event: Happening, body: Raw) -> Iterator[Event]:
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


def _whole(decoder: Decoder[T], raw: Raw) -> T | None:
    """A member of little weight: what cannot be read of it never costs the message."""
    try:
        return decoder.decode(raw) if raw else None
    except UNDECODABLE:
        return None


_TELLERS: dict[str, Callable[[Happening, Raw], Iterator[Event]]] = {
    "message": _said,
    "message_edit": _edited,
    "reaction": _reacted,
    "postback": _pressed,
    "referral": _referred,
    "read": _read,
    "delivery": _arrived,
}
