"""The audit trail, as it is shown: what happened to one thing, or to everything."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Event(Struct, frozen=True):
    """One move of one thing."""

    id: int
    subject: str
    subject_id: UUID
    type: str
    from_status: str | None
    to_status: str | None
    detail: str | None
    correlation_id: str | None
    at: datetime


class Trail(Struct, frozen=True):
    """What happened to a thing, in order."""

    data: list[Event]


@query("""
    select id, subject, subject_id, type, from_status, to_status, detail, correlation_id, at
    from event where tenant_id = %(tenant_id)s and subject_id = any(%(subjects)s)
    order by id limit 1000
""")
async def of(conn: Conn, *, tenant_id: UUID, subjects: list[UUID]) -> list[Event]:
    """What happened to these things, oldest first."""


@query("""
    select id, subject, subject_id, type, from_status, to_status, detail, correlation_id, at
    from event where tenant_id = %(tenant_id)s and id > %(after)s and id <= %(upto)s
    order by id limit %(limit)s
""")
async def between(conn: Conn, *, tenant_id: UUID, after: int, upto: int, limit: int) -> list[Event]:
    """What happened to everything after one event and not after another, oldest first."""


@query("""
    select id, subject, subject_id, type, from_status, to_status, detail, correlation_id, at
    from event where tenant_id = %(tenant_id)s and id < %(before)s
    order by id desc limit %(limit)s
""")
async def lately(conn: Conn, *, tenant_id: UUID, before: int, limit: int) -> list[Event]:
    """What happened to everything, newest first."""


@query("""
    select id, subject, subject_id, type, from_status, to_status, detail, correlation_id, at
    from event where tenant_id = %(tenant_id)s and subject_id = %(subject_id)s and id < %(before)s
    order by id desc limit %(limit)s
""")
async def lately_of(conn: Conn, *, tenant_id: UUID, subject_id: UUID, before: int, limit: int) -> list[Event]:
    """What happened to one thing, newest first."""
