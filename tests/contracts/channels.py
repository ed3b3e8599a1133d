"""What the contract suite runs over: every channel, its payload files, and how its vendor signs."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from concierge.channels.email.generic import GenericEmail
from concierge.channels.instagram.reading import Instagram
from concierge.channels.meta_door import MetaDoor
from concierge.channels.model import Channel, Event, Raw
from concierge.channels.signature import sign
from concierge.channels.whatsapp.reading import WhatsApp
from concierge.wiring import MAIL_DOORS

PAYLOADS = Path(__file__).parent.parent / "payloads"
RECEIVED_AT = datetime(2025, 6, 8, 21, 0, tzinfo=UTC)
CHANNELS: dict[str, Channel] = {
    "whatsapp": WhatsApp(),
    "email": GenericEmail(),
    "instagram": Instagram(),
    "meta": MetaDoor(),
}
CHANNELS |= {f"email/{door.vendor}": door() for door in MAIL_DOORS}
MEDIA_TYPES = {
    ".json": "application/json",
    ".eml": "message/rfc822",
    ".form": "application/x-www-form-urlencoded",
    ".multipart": "multipart/form-data",
}
SIGNATURES = {
    "whatsapp": "x-hub-signature-256",
    "email": "x-signature-256",
    "email/raw": "x-signature-256",
    "instagram": "x-hub-signature-256",
    "meta": "x-hub-signature-256",
}


@cache
def payloads() -> list[tuple[str, Path]]:
    """Every payload file with its channel's name."""
    return [
        (name, path)
        for name in CHANNELS
        for path in sorted((PAYLOADS / name).glob("*.*"))
        if path.suffix in MEDIA_TYPES and not path.name.endswith(".events.json")
    ]


def golden(path: Path) -> Path:
    return path.with_suffix(".events.json")


def request(body: bytes, headers: Mapping[str, str] | None = None) -> Raw:
    return Raw(headers=headers or {}, body=body, received_at=RECEIVED_AT)


def signed_request(channel: str, body: bytes, secret: str) -> Raw:
    return request(body, {SIGNATURES[channel]: sign(body, secret)})


def events(channel: str, path: Path) -> list[Event]:
    return CHANNELS[channel].read(request(path.read_bytes(), {"content-type": MEDIA_TYPES[path.suffix]}))


def shown(events: list[Event]) -> Any:
    """Events as the golden files have them: what is unset is left out, and so is `raw` (a part of the payload)."""
    return [{"event": type(event).__name__, **_members(event)} for event in events]


def _members(event: Event) -> dict[str, Any]:
    members = msgspec.json.decode(msgspec.json.encode(event))
    return {name: value for name, value in members.items() if name != "raw" and value not in (None, False, [])}


def texts(event: Event) -> Iterator[str]:
    """Every string Postgres would have to keep."""
    yield from _strings(msgspec.to_builtins(event))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)
