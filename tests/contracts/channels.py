"""What the contract suite runs over: every channel, its payload files, and how its vendor signs."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from concierge.channels.email.generic import GenericEmail
from concierge.channels.model import Channel, Event, Inbound, Raw
from concierge.channels.signature import sign
from concierge.channels.whatsapp.reading import WhatsApp

PAYLOADS = Path(__file__).parent.parent / "payloads"
RECEIVED_AT = datetime(2025, 6, 8, 21, 0, tzinfo=UTC)
CHANNELS: dict[str, Channel] = {"whatsapp": WhatsApp(), "email": GenericEmail()}
SIGNATURES = {"whatsapp": "x-hub-signature-256", "email": "x-signature-256"}


def payloads() -> Iterator[tuple[str, Path]]:
    """Every payload file with its channel's name."""
    for name in CHANNELS:
        for path in sorted((PAYLOADS / name).glob("*.json")):
            if not path.name.endswith(".events.json"):
                yield name, path


def golden(path: Path) -> Path:
    return path.with_suffix(".events.json")


def request(body: bytes, headers: Mapping[str, str] | None = None) -> Raw:
    return Raw(headers=headers or {}, body=body, received_at=RECEIVED_AT)


def signed_request(channel: str, body: bytes, secret: str) -> Raw:
    return request(body, {SIGNATURES[channel]: sign(body, secret)})


def events(channel: str, path: Path) -> list[Event]:
    return CHANNELS[channel].read(request(path.read_bytes()))


def shown(events: list[Event]) -> Any:
    """Events as the golden files have them: what is unset is left out, and so is `raw` (a part of the payload)."""
    return [{"event": type(event).__name__, **_members(event)} for event in events]


def _members(event: Event) -> dict[str, Any]:
    members = msgspec.json.decode(msgspec.json.encode(event))
    return {name: value for name, value in members.items() if name != "raw" and value not in (None, [])}


def texts(event: Event) -> Iterator[str]:
    """Every string Postgres would have to keep."""
    members = msgspec.structs.asdict(event)
    yield from (value for value in members.values() if isinstance(value, str))
    if isinstance(event, Inbound):
        yield event.sender.value
