"""Which policy holds for a booking; a tenant's first booking makes the two that every tenant begins with."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from concierge.bookings.policies import store
from concierge.bookings.policies.model import EVERY_TWO_HOURS, USUAL, NewPolicy, Policy
from concierge.errors import Conflicting, Missing
from concierge.postgres.query import Conn


async def policy_of(conn: Conn, id: UUID | None, *, tenant_id: UUID, now: datetime) -> Policy:
    """That policy, or (None) the tenant's usual one. Raises Missing."""
    if id is None:
        return await store.usual(conn, tenant_id=tenant_id) or await _made(conn, USUAL, tenant_id=tenant_id, now=now)
    policy = await store.find(conn, id, tenant_id=tenant_id)
    if policy is None:
        raise Missing("there is no such reminder policy")
    return policy


async def every_two_hours(conn: Conn, *, tenant_id: UUID, now: datetime) -> Policy:
    """The policy of bookings that come by the path /api/bookings; a tenant may change it like any other."""
    name = EVERY_TWO_HOURS.name
    return await store.named(conn, tenant_id=tenant_id, name=name) or await _made(
        conn, EVERY_TWO_HOURS, tenant_id=tenant_id, now=now
    )


async def add(conn: Conn, new: NewPolicy, *, tenant_id: UUID, now: datetime) -> Policy | None:
    """A new policy; None where its name is taken."""
    return await store.add(conn, tenant_id=tenant_id, now=now, **written(new))


def written(new: NewPolicy) -> dict[str, Any]:
    """As its columns have it."""
    return msgspec.structs.asdict(new) | {
        "before": sorted(set(new.before), reverse=True),
        "channels": list(dict.fromkeys(new.channels)),
    }


async def _made(conn: Conn, new: NewPolicy, *, tenant_id: UUID, now: datetime) -> Policy:
    made = await add(conn, new, tenant_id=tenant_id, now=now)
    policy = made or await store.named(conn, tenant_id=tenant_id, name=new.name)
    if policy is None:
        raise Conflicting("the same policy is being made; try again")
    return policy
