"""What a person did on Instagram without saying anything: reacted, pressed a button, came by a link."""

from collections.abc import Iterator

from msgspec import Raw
from msgspec.json import Decoder

from concierge.channels.decoding import clean, fingerprint
from concierge.channels.instagram.happening import Happening
from concierge.channels.instagram.messages import Postback, Reaction, Referral
from concierge.channels.model import Event

_reaction = Decoder(Reaction)
_postback = Decoder(Postback)
_referral = Decoder(Referral)


def reacted(event: Happening, body: Raw) -> Iterator[Event]:
    """A sign under a message; it has no id of its own. Raises what UNDECODABLE names."""
    reaction = _reaction.decode(body)
    if event.ours:
        yield event.notice("echo", f"reacted to {reaction.mid}")
        return
    what = f"{reaction.mid} {reaction.action} {reaction.emoji} {event.person.value} {event.item.timestamp}"
    id = "reaction:" + fingerprint(what.encode())
    yield event.inbound(id, "reaction", reaction.words(), quotes=clean(reaction.mid))


def pressed(event: Happening, body: Raw) -> Iterator[Event]:
    """A button, ice breaker or menu item. Raises what UNDECODABLE names."""
    button = _postback.decode(body)
    choice = clean(button.payload) if button.payload else None
    yield event.inbound(button.mid, "postback", button.title or button.payload or "[button]", choice=choice)


def referred(event: Happening, body: Raw) -> Iterator[Event]:
    """A conversation opened from a link or an ad: nothing has been said yet. Raises what UNDECODABLE names."""
    referral = _referral.decode(body)
    choice = clean(referral.ref) if referral.ref else None
    came = referral.words()
    text = f"[opened the conversation {came}]"
    yield event.inbound("", "referral", text, automated="referral", choice=choice, context=clean(came))
