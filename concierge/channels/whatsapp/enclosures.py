"""What a message holds beside its words: media by reference, and the id of what was pressed or filled in.

Shapes: Meta, Cloud API reference, “messages webhook”, one page a type.
"""

import base64
import binascii
import re

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import ABSENT, UNDECODABLE, clean
from concierge.channels.model import Attachment

MEDIA = frozenset({"image", "video", "document", "sticker", "audio", "voice"})

_HEX = re.compile(r"[0-9a-fA-F]{64}")


class _Media(Struct):
    id: str | int | None = None
    url: str | None = None
    mime_type: str | None = None
    sha256: str | None = None
    filename: str | None = None
    file_size: int | None = None
    voice: bool = False


class _Pressed(Struct):
    id: str | None = None
    payload: str | None = None
    response_json: str | None = None


class _Interactive(Struct):
    button_reply: _Pressed | None = None
    list_reply: _Pressed | None = None
    nfm_reply: _Pressed | None = None


class _Edit(Struct):
    message: dict[str, Raw] = field(default_factory=dict)


_media = Decoder(_Media)
_pressed = Decoder(_Pressed)
_interactive = Decoder(_Interactive)
_edit = Decoder(_Edit)
_type = Decoder(str)


def attachments(kind: str, body: Raw) -> tuple[Attachment, ...]:
    """The media of a message; `locator` is Meta's media id, else its URL."""
    try:
        if kind == "edit":
            return _edited(body)
        media = _media.decode(body) if kind in MEDIA and body else None
    except UNDECODABLE:
        return ()
    locator = media and (str(media.id or "") or media.url)
    if not media or not locator:
        return ()
    attachment = Attachment(
        kind="voice" if media.voice else kind,
        locator=clean(locator),
        mime_type=clean(media.mime_type) if media.mime_type else None,
        filename=clean(media.filename) if media.filename else None,
        size=media.file_size,
        sha256=_hex(media.sha256),
    )
    return (attachment,)


def choice(kind: str, body: Raw) -> str | None:
    """The id of a button or row, the payload of a template's button, the answers of a form (JSON)."""
    try:
        if kind == "button" and body:
            pressed: _Pressed | None = _pressed.decode(body)
        elif kind == "interactive" and body:
            interactive = _interactive.decode(body)
            pressed = interactive.button_reply or interactive.list_reply or interactive.nfm_reply
        else:
            return None
    except UNDECODABLE:
        return None
    found = pressed and (pressed.id or pressed.payload or pressed.response_json)
    return clean(found) if found else None


def _edited(body: Raw) -> tuple[Attachment, ...]:
    message = _edit.decode(body).message if body else {}
    kind = _type.decode(message["type"]) if "type" in message else ""
    return attachments(kind, message.get(kind, ABSENT)) if kind in MEDIA else ()


def _hex(digest: str | None) -> str | None:
    """Meta writes base64; ours is hex."""
    if not digest:
        return None
    if _HEX.fullmatch(digest):
        return digest.lower()
    try:
        raw = base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw.hex() if len(raw) == 32 else None
