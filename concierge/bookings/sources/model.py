"""A booking as another calendar tells of it."""

from datetime import datetime

from msgspec import Struct

from concierge.bookings.model import Customer, When


class Told(Struct, frozen=True, kw_only=True):
    """One booking of a source."""

    external_id: str
    customer: Customer | None  # None: the source does not say, as with a cancellation
    when: When
    service: str
    provider: str | None = None
    location: str | None = None
    cancelled: bool = False
    replaces: str | None = None  # the name it had before it was moved
    at: datetime | None = None  # when the source said so


class Wrong(Struct, frozen=True):
    """An entry that cannot be taken, and why."""

    where: str  # "line 7", "event abc"
    reason: str
