"""What each channel can carry, and how fast. The 24-hour window: service_window in SQL.

Sources: Meta, Cloud API, “Throughput” and “About the platform”; Instagram Messaging, “Send messages”.
An account's settings may say otherwise: `rate` (messages a second, such as 80, 20 or 0.5), `burst` (at once, after a
rest), `send_gap` (seconds between any two of its messages). The sandbox hands nothing to anybody, so only what its
settings say holds there.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """A channel's limits; None: it has no such limit that we know of."""

    characters: int | None = None  # of one text
    bytes: int | None = None  # of one text, in UTF-8
    rate: float | None = None  # messages a second, of one account
    pair: tuple[float, int] | None = None  # (seconds between messages to one person, how many at once after a rest)


NONE = Limits()
LIMITS: Mapping[str, Limits] = {
    "whatsapp": Limits(characters=4096, rate=80, pair=(6.0, 45)),
    "instagram": Limits(bytes=1000),
}
SHORTEST = 1000  # bytes; a text below this needs no splitting anywhere


class Bucket(Struct, frozen=True):
    """One limit that a message has to keep, for sql/functions/take_turn.sql."""

    key: str
    gap: float  # seconds a message costs
    burst: int  # messages at once, after a rest
    lined: bool  # shared by many conversations: who waits is not overtaken


def buckets(
    *, account_id: UUID, channel: str, transport: str, settings: Mapping[str, Any], identity_id: UUID, gap: float | None
) -> list[Bucket]:
    """The limits for one message to an identity; `gap` is the tenant's own least time between any two messages (s)."""
    limits = NONE if transport == "sandbox" else LIMITS.get(channel, NONE)
    found = []
    if rate := _positive(settings.get("rate"), limits.rate):
        burst = int(_positive(settings.get("burst"), None) or max(1, rate))
        found.append(Bucket(f"account:{account_id}", 1 / rate, max(1, burst), lined=True))
    if own := _positive(settings.get("send_gap"), None):
        found.append(Bucket(f"gap:{account_id}", own, 1, lined=True))
    if limits.pair:
        found.append(Bucket(f"pair:{account_id}:{identity_id}", *limits.pair, lined=False))
    if gap:
        found.append(Bucket("tenant", gap, 1, lined=True))
    return found


def _positive(given: Any, otherwise: float | None) -> float | None:
    """The number given; `otherwise` where there is none that makes sense."""
    return float(given) if isinstance(given, int | float) and given > 0 else otherwise
