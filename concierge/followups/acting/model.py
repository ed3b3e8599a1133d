"""A follow-up as its person may speak of it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from concierge.followups.model import Kind, Status


class Open(Struct, frozen=True, kw_only=True):
    """One that is planned, or that they were reminded of lately; or one whose time we asked for."""

    id: UUID
    title: str
    kind: Kind
    status: Status
    zone: str
    wall: datetime | None
    rule: str | None
    rule_from: datetime | None
    reminded: bool
    moved_at: datetime

    @property
    def live(self) -> bool:
        """Whether its reminder is still to come."""
        return self.status in {"needs_clarification", "pending", "snoozed", "due"}


class Line(Struct, frozen=True):
    """Something to say back, and whether it asks for an answer."""

    text: str
    asks: bool = False


Mark = Literal["done", "cancelled"]
