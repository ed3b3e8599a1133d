"""Every WhatsApp message type as text a person can read.

Shapes: Meta, Cloud API reference, “messages webhook”. A body stands in the message under its type's own name. Members
Meta calls optional are optional here, and so are most others: what cannot be rendered is named by its type, and the raw
message is kept.
"""

from collections.abc import Callable
from typing import Protocol

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import ABSENT, UNDECODABLE


class _Spoken(Protocol):
    def words(self) -> str: ...


class _Text(Struct):
    body: str

    def words(self) -> str:
        return self.body


class _Media(Struct):
    caption: str | None = None
    filename: str | None = None
    voice: bool = False


class _Location(Struct):
    latitude: float | str
    longitude: float | str
    name: str | None = None
    address: str | None = None

    def words(self) -> str:
        place = _joined(", ", self.name, self.address)
        return f"[location: {_joined(' ', place, f'({self.latitude}, {self.longitude})')}]"


class _Name(Struct):
    formatted_name: str | None = None


class _Phone(Struct):
    phone: str | None = None
    wa_id: str | None = None


class _Card(Struct):
    name: _Name = field(default_factory=_Name)
    phones: list[_Phone] = field(default_factory=list)

    def words(self) -> str:
        return _joined(" ", self.name.formatted_name, *(phone.phone or phone.wa_id for phone in self.phones))


class _Choice(Struct):
    title: str
    description: str | None = None

    def words(self) -> str:
        return f"{self.title} ({self.description})" if self.description else self.title


class _Form(Struct):
    response_json: str
    body: str | None = None


class _Interactive(Struct):
    type: str = ""
    button_reply: _Choice | None = None
    list_reply: _Choice | None = None
    nfm_reply: _Form | None = None


class _Button(Struct):
    text: str | None = None
    payload: str | None = None

    def words(self) -> str:
        return self.text or self.payload or "[button]"


class _Reaction(Struct):
    emoji: str | None = None

    def words(self) -> str:
        return f"[reaction: {self.emoji}]" if self.emoji else "[reaction removed]"


class _Product(Struct):
    product_retailer_id: str = "?"
    quantity: int | float | str = 1
    item_price: int | float | str | None = None
    currency: str = ""

    def words(self) -> str:
        price = f"at {self.item_price} {self.currency}".strip() if self.item_price is not None else ""
        return _joined(" ", f"{self.quantity} × {self.product_retailer_id}", price)


class _Order(Struct):
    text: str | None = None
    product_items: list[_Product] = field(default_factory=list)

    def words(self) -> str:
        items = "; ".join(product.words() for product in self.product_items)
        return _joined(" ", f"[order: {items}]", self.text)


class _System(Struct):
    body: str | None = None
    type: str | None = None

    def words(self) -> str:
        return f"[system: {self.body or self.type or 'notice'}]"


class _Edit(Struct):
    message: dict[str, Raw] = field(default_factory=dict)

    def words(self) -> str:
        kind = _type.decode(self.message["type"]) if "type" in self.message else "text"
        return "[edited] " + ("" if kind == "edit" else rendered(kind, self.message.get(kind, ABSENT)))


class _Unsupported(Struct):
    type: str | None = None

    def words(self) -> str:
        return f"[unsupported: {self.type}]" if self.type else "[unsupported]"


LONGEST_LABEL = 300  # characters

_text = Decoder(_Text)
_media = Decoder(_Media)
_cards = Decoder(list[_Card])
_interactive = Decoder(_Interactive)
_members = Decoder(dict[str, Raw])
_answers = Decoder(dict[str, object])
_type = Decoder(str)


def _spoken(shape: type[_Spoken]) -> Callable[[Raw], str]:
    decode = Decoder(shape).decode
    return lambda body: decode(body).words()


def _medium(kind: str) -> Callable[[Raw], str]:
    def words(body: Raw) -> str:
        media = _media.decode(body)
        name = "voice message" if media.voice or kind == "voice" else kind
        label = f"[{name}: {media.filename}]" if media.filename else f"[{name}]"
        return _joined(" ", label, media.caption)

    return words


def _contacts(body: Raw) -> str:
    cards = "; ".join(card.words() for card in _cards.decode(body))
    return f"[contacts: {cards}]" if cards else "[contacts]"


def _chosen(body: Raw) -> str:
    chosen = _interactive.decode(body)
    choice = chosen.button_reply or chosen.list_reply
    if choice:
        return choice.words()
    if chosen.nfm_reply:
        return _filled(chosen.nfm_reply)
    return _labelled(chosen.type or "interactive", _members.decode(body).get(chosen.type, ABSENT))


def _labelled(kind: str, body: Raw) -> str:
    """A label for what has no words of its own, with the plain members that it holds: `[payment: amount: 5]`."""
    try:
        members = _answers.decode(body) if body else {}
    except UNDECODABLE:
        members = {}
    plain = {name: value for name, value in members.items() if isinstance(value, str | int | float) and value != ""}
    told = ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in plain.items())[:LONGEST_LABEL]
    return f"[{kind.replace('_', ' ')}: {told}]" if told else f"[{kind}]"


def _filled(form: _Form) -> str:
    try:
        answers = _answers.decode(form.response_json)
    except UNDECODABLE:
        answers = {}
    shown = ", ".join(f"{name}: {answer}" for name, answer in answers.items() if name != "flow_token")
    return f"[form{f' {form.body}' if form.body else ''}] {shown}".strip()


def _joined(between: str, *parts: str | None) -> str:
    return between.join(part for part in parts if part)


_WORDS: dict[str, Callable[[Raw], str]] = {
    **{kind: _medium(kind) for kind in ("image", "video", "document", "sticker", "audio", "voice")},
    "contacts": _contacts,
    "text": _spoken(_Text),
    "location": _spoken(_Location),
    "interactive": _chosen,
    "button": _spoken(_Button),
    "reaction": _spoken(_Reaction),
    "order": _spoken(_Order),
    "system": _spoken(_System),
    "edit": _spoken(_Edit),
    "unsupported": _spoken(_Unsupported),
}


def rendered(kind: str, body: Raw, text: Raw = ABSENT) -> str:
    """The message's words; a label in square brackets for what has none. `text` may stand beside an unknown kind."""
    if kind == "revoke":
        return "[message deleted]"
    words = _WORDS.get(kind)
    try:
        if words is None:
            return _joined(" ", _labelled(kind, body), _text.decode(text).body if text else None)
        return words(body) if body else f"[{kind}]"
    except UNDECODABLE:
        return f"[{kind}]"
