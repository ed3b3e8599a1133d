"""What was said on Instagram, by a person or by the business itself, and what became of it: edited, deleted."""

from collections.abc import Iterator
from typing import TypeVar

from msgspec import Raw
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE, clean
from concierge.channels.instagram.enclosures import attachments, enclosed
from concierge.channels.instagram.happening import Happening
from concierge.channels.instagram.messages import Edit, Message, QuickReply, Referral, ReplyTo
from concierge.channels.model import Address, Echo, Event, Inbound

T = TypeVar("T")

_message = Decoder(Message)
_edit = Decoder(Edit)
_referral = Decoder(Referral)
_quick_reply = Decoder(QuickReply)
_reply_to = Decoder(ReplyTo)


def said(event: Happening, body: Raw) -> Iterator[Event]:
    """A message, its deletion, or its echo. Raises what UNDECODABLE names."""
    message = _message.decode(body)
    if message.is_echo or event.ours:
        yield from _echoed(event, message)
    elif message.is_deleted and not message.mid:
        yield event.notice("deleted", "a message")
    elif message.is_deleted:
        yield event.inbound(f"deleted:{message.mid}", "deleted", "[message deleted]", quotes=clean(message.mid))
    else:
        yield _spoken(event, message)


def _spoken(event: Happening, message: Message) -> Inbound:
    reply = _whole(_reply_to, message.reply_to) or ReplyTo()
    referral = _whole(_referral, message.referral)
    pressed = _whole(_quick_reply, message.quick_reply)
    parts = enclosed(message.attachments)
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
    labels = [part.words() for part in enclosed(message.attachments)]
    text = " ".join(part for part in [*labels, message.text] if part)
    return text or "[unsupported]"


def _echoed(event: Happening, message: Message) -> Iterator[Event]:
    """Sent by the business: by us, by hand in the app, or by another app. `sender` is the business then."""
    item = event.item
    person = clean(str(item.recipient.id)) if item.recipient else ""
    if message.is_deleted or not (person and message.mid):
        yield event.notice("echo", f"deleted {message.mid}" if message.is_deleted else message.mid or "a message")
        return
    # a test of the dashboard names no account in its entry: then the sender is ours
    account = clean(str(item.sender.id)) if item.sender and event.account == person else event.account
    yield Echo(
        account=account,
        provider_message_id=clean(message.mid),
        recipient=Address("igsid", person),
        text=clean(_words(message)),
        at=event.at,
        raw=event.raw,
    )


def edited(event: Happening, body: Raw) -> Iterator[Event]:
    """A message in its new words. Raises what UNDECODABLE names."""
    edit = _edit.decode(body)
    if event.ours:
        yield event.notice("echo", f"edited {edit.mid}")
        return
    id = f"edit:{str(edit.num_edit)[:20]}:{edit.mid}"
    yield event.inbound(id, "edit", f"[edited] {edit.text}", quotes=clean(edit.mid))


def _whole(decoder: Decoder[T], raw: Raw) -> T | None:
    """A member of little weight: what cannot be read of it never costs the message."""
    try:
        return decoder.decode(raw) if raw else None
    except UNDECODABLE:
        return None
