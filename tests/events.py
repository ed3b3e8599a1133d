"""A channel that says what a test tells it to: events go in at the real door without a vendor's payload around them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from concierge.channels.abilities import Fetched
from concierge.channels.model import (
    Address,
    Attachment,
    ChannelAccount,
    Echo,
    Event,
    Inbound,
    Notice,
    Raw,
    Renamed,
)
from tests.world import World

ACCOUNT = "1234"
PHONE, BSUID = Address("phone", "15551234567"), Address("bsuid", "US.1349")
AT = datetime(2027, 3, 3, 12, 0, tzinfo=UTC)


class TellingChannel:
    """WhatsApp's place in the runtime, with events made beforehand."""

    name = "whatsapp"

    def __init__(self) -> None:
        self.told: dict[bytes, Sequence[Event]] = {}

    def challenge(self, query: Mapping[str, str], tokens: Sequence[str]) -> str | None:
        return None

    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        return True

    def read(self, raw: Raw) -> list[Event]:
        return list(self.told[raw.body])


class ScriptedFetcher:
    """Hands over `content`; `outcomes` are used up one a call: an error to raise, or something else to hand over."""

    def __init__(self, content: bytes = b"GIF89a", mime_type: str | None = "image/gif") -> None:
        self.fetched = Fetched(content=content, mime_type=mime_type)
        self.outcomes: list[Exception | Fetched] = []
        self.asked: list[tuple[Attachment, bytes | None]] = []

    async def fetch(
        self, attachment: Attachment, account: ChannelAccount, *, limit: int, raw: bytes | None = None
    ) -> Fetched:
        self.asked.append((attachment, raw))
        outcome = self.outcomes.pop(0) if self.outcomes else self.fetched
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def close(self) -> None: ...


async def tell(world: World, *events: Event) -> httpx.Response:
    """One webhook with these events."""
    channel = world.runtime.channels["whatsapp"]
    assert isinstance(channel, TellingChannel)
    key = uuid4().hex.encode()
    channel.told[key] = events
    return await world.client.post("/webhook/whatsapp", content=key)


def message(text: str = "Hello", *, id: str = "wamid.1", sender: Address = PHONE, **fields: Any) -> Inbound:
    """Something a person wrote."""
    told = {"account": ACCOUNT, "sent_at": AT, "raw": b"{}"} | fields
    return Inbound(provider_message_id=id, sender=sender, text=text, **told)


def renamed(old: Address, new: Address) -> Renamed:
    return Renamed(account=ACCOUNT, old=old, new=new, at=AT)


def echo(text: str, *, id: str = "mid.1", recipient: Address = PHONE, at: datetime = AT) -> Echo:
    return Echo(account=ACCOUNT, provider_message_id=id, recipient=recipient, text=text, at=at)


def notice(kind: str, text: str = "", raw: bytes = b"{}") -> Notice:
    return Notice(account=ACCOUNT, kind=kind, text=text, raw=raw, at=AT)
