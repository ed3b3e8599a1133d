"""Taking what a source tells of: book, change or cancel, whatever is known already."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from concierge.bookings import keeping, store
from concierge.bookings.model import Booking, Change, NewBooking
from concierge.bookings.sources.model import Told
from concierge.postgres.query import Conn

Outcome = Literal["booked", "moved", "changed", "cancelled", "unchanged", "past"]
REASON = "cancelled where it was made"


async def take(
    conn: Conn, told: Told, *, source: str, tenant_id: UUID, policy_id: UUID | None, now: datetime
) -> Outcome:
    """What became of it. Twice is harmless; what its source said before what we know already is ignored.

    The customer is not told: their calendar, or whoever keeps it, does that. Raises Malformed, Missing.
    """
    known = await _known(conn, told, source=source, tenant_id=tenant_id)
    if known is None:
        return await _book(conn, told, source=source, tenant_id=tenant_id, policy_id=policy_id, now=now)
    if told.at is not None and known.source_at is not None and told.at < known.source_at:
        return "unchanged"
    if told.cancelled:
        if known.status == "cancelled":
            return "unchanged"
        await keeping.cancel(conn, known.id, tenant_id=tenant_id, reason=REASON, say=False, now=now, source_at=told.at)
        return "cancelled"
    return await _change(conn, known, told, tenant_id=tenant_id, now=now)


async def _known(conn: Conn, told: Told, *, source: str, tenant_id: UUID) -> Booking | None:
    """The booking, held, by its name or the one it had before.

    One that was cancelled under its old name is over: its customer was asked to choose another time, and this is it.
    """
    if (known := await _named(conn, told.external_id, source=source, tenant_id=tenant_id)) is not None:
        return known
    former = await _named(conn, told.replaces, source=source, tenant_id=tenant_id) if told.replaces else None
    return former if former is None or former.status != "cancelled" or told.cancelled else None


async def _named(conn: Conn, name: str, *, source: str, tenant_id: UUID) -> Booking | None:
    for find in (store.known_as, store.formerly_known_as):
        id = await find(conn, tenant_id=tenant_id, source=source, external_id=name)
        if id is not None:
            return await keeping.held(conn, id, tenant_id=tenant_id)
    return None


async def _book(
    conn: Conn, told: Told, *, source: str, tenant_id: UUID, policy_id: UUID | None, now: datetime
) -> Outcome:
    if told.when.starts_at <= now:
        return "past"
    if told.customer is None:
        return "unchanged"  # a cancellation of what we never knew, and whose it was nobody says
    new = NewBooking(
        customer=told.customer,
        when=told.when,
        service=told.service,
        provider=told.provider,
        location=told.location,
        policy_id=policy_id,
        source=source,
        external_id=told.external_id,
        source_at=told.at,
    )
    booking, _ = await keeping.book(conn, new, tenant_id=tenant_id, now=now)
    if told.cancelled:  # its booking may come later: then it finds this
        await keeping.cancel(conn, booking.id, tenant_id=tenant_id, reason=REASON, say=False, now=now)
        return "cancelled"
    return "booked"


async def _change(conn: Conn, known: Booking, told: Told, *, tenant_id: UUID, now: datetime) -> Outcome:
    moved = (known.starts_at, known.ends_at, known.zone) != (told.when.starts_at, told.when.ends_at, told.when.zone)
    other = (known.service, known.provider, known.location, known.external_id) != (
        told.service,
        told.provider or known.provider,
        told.location or known.location,
        told.external_id,
    )
    if known.status == "cancelled" or not (moved or other):
        return "unchanged"
    change = Change(
        when=told.when if moved else None,
        service=told.service,
        provider=told.provider,
        location=told.location,
        external_id=told.external_id,
        source_at=told.at,
    )
    await keeping.change(conn, known.id, change, tenant_id=tenant_id, now=now)
    return "moved" if moved else "changed"
