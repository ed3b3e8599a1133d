"""A file that is to be fetched, and how patient we are."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from concierge.postgres.queue import Job

WAITS = (60, 300, 1_800, 7_200, 21_600)  # seconds before the second, third, … try; after the last one it has failed


class Fetch(Job, frozen=True):
    """Fetch what came with a message. Arrival puts it by name and priority (sql/functions/accept_inbound.sql)."""

    kind: ClassVar[str] = "media.fetch"
    queue: ClassVar[str] = "media"
    priority: ClassVar[int] = -5  # words come first

    inbound_message_id: UUID


class Claimed(Struct, frozen=True, kw_only=True):
    """A file that this worker, and nobody else, is to fetch now."""

    id: UUID
    tenant_id: UUID
    channel_account_id: UUID
    kind: str
    locator: str
    mime_type: str | None
    filename: str | None
    size: int | None
    sha256: str | None
    tries: int  # this one included
    raw: bytes | None
    correlation_id: str | None


class Kept(Struct, frozen=True):
    """A file as operators ask for it."""

    id: UUID
    status: str
    reason: str | None
    mime_type: str | None
    filename: str | None
    size: int | None
    location: str | None


class Expired(Struct, frozen=True):
    """A file whose time is over."""

    id: UUID
    moved_at: datetime
    location: str | None
