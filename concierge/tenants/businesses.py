"""Businesses: made by whoever runs the machine, changed by themselves."""

from datetime import datetime
from uuid import UUID

from psycopg.errors import UniqueViolation

from concierge.api.caller import Caller
from concierge.api.changes import changed
from concierge.api.paging import Page, Paging
from concierge.errors import Conflicting, Invalid, Missing
from concierge.postgres.query import Conn
from concierge.tenants import business_store as store
from concierge.tenants.model import Business, BusinessChange, NewBusiness

EVERYBODY = "platform:*"  # the scope that reaches beyond one's own tenant


async def make(conn: Conn, wish: NewBusiness, *, now: datetime) -> Business:
    """A new tenant, under ids nobody else has. Raises Conflicting."""
    try:
        async with conn.transaction():
            return await store.add(
                conn, name=wish.name, zone=wish.zone, external_id=wish.external_id, email=wish.email, now=now
            )
    except UniqueViolation:
        raise Conflicting("there is a tenant with this external_id or email") from None


async def some(conn: Conn, caller: Caller, paging: Paging) -> Page[Business]:
    """One's own; for the platform all of them."""
    own = None if caller.may(EVERYBODY) else caller.tenant_id
    return paging.page(await store.some(conn, tenant_id=own, **paging.asked()))


async def find(conn: Conn, id: UUID, caller: Caller) -> Business:
    """One that the caller may see. Raises Missing."""
    found = await store.find(conn, id) if id == caller.tenant_id or caller.may(EVERYBODY) else None
    if found is None:
        raise Missing("there is no such tenant")
    return found


async def change(conn: Conn, id: UUID, wish: BusinessChange, caller: Caller) -> Business:
    """Its preferences, and how it is called. Raises Missing, Invalid."""
    present = await find(conn, id, caller)
    wanted = changed(present, wish)
    if (wanted["quiet_from"] is None) != (wanted["quiet_until"] is None):
        raise Invalid([("/quiet_until", "quiet hours have a beginning and an end, or neither")])
    return await store.change(conn, id, **wanted)
