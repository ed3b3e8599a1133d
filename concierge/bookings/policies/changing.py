"""Another policy is another plan for every booking it holds for, made by a job, a hundred bookings at a time.

Who books holds the policy until the commit, so a booking is planned by the old one and found by the job, or by the new.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from concierge.bookings import store as bookings
from concierge.bookings.keeping import renew
from concierge.bookings.policies import store
from concierge.bookings.policies.choosing import add, written
from concierge.bookings.policies.model import NewPolicy, Policy
from concierge.errors import Conflicting, Missing
from concierge.notifications import notify
from concierge.postgres.query import Conn
from concierge.postgres.queue import Job, put
from concierge.runtime import Runtime

AT_ONCE = 100  # bookings a job
TAKEN = "a policy has this name already"


class Renew(Job, frozen=True):
    """Plan the bookings of a policy anew that were planned by what it said before."""

    kind: ClassVar[str] = "bookings.renew"
    queue: ClassVar[str] = "outbox"

    tenant_id: UUID
    policy_id: UUID


async def make(conn: Conn, new: NewPolicy, *, tenant_id: UUID, now: datetime) -> Policy:
    """A new policy. Raises Conflicting where its name is taken."""
    if new.usual:
        await store.unusual(conn, tenant_id=tenant_id, id=UUID(int=0))
    policy = await add(conn, new, tenant_id=tenant_id, now=now)
    if policy is None:
        raise Conflicting(TAKEN)
    return policy


async def change(conn: Conn, old: Policy, wanted: NewPolicy, *, tenant_id: UUID, now: datetime) -> Policy:
    """The policy, which is held, as it is to be; its bookings are planned anew. Raises Conflicting."""
    namesake = await store.named(conn, tenant_id=tenant_id, name=wanted.name)
    if namesake is not None and namesake.id != old.id:
        raise Conflicting(TAKEN)
    if wanted.usual:
        await store.unusual(conn, tenant_id=tenant_id, id=old.id)
    elif old.usual:
        raise Conflicting("one policy must be the usual one; make another one usual instead")
    other = wanted.rule != old.rule
    policy = await store.change(conn, old.id, tenant_id=tenant_id, step=int(other), now=now, **written(wanted))
    if other:
        await put(conn, Renew(tenant_id, old.id))
    return policy


async def held(conn: Conn, id: UUID, *, tenant_id: UUID) -> Policy:
    """The policy, which nobody plans by until the transaction ends. Raises Missing."""
    policy = await store.hold(conn, id, tenant_id=tenant_id)
    if policy is None:
        raise Missing("there is no such reminder policy")
    return policy


async def renew_some(runtime: Runtime, job: Renew) -> None:
    """The next hundred bookings; another job goes on with the rest."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        found = await bookings.of_older_policy(
            conn, policy_id=job.policy_id, tenant_id=job.tenant_id, now=now, limit=AT_ONCE
        )
        for id in found:
            await renew(conn, id, tenant_id=job.tenant_id, now=now)
        if len(found) == AT_ONCE:
            await put(conn, job)


async def give_up(runtime: Runtime, job: Renew, reason: str) -> None:
    """The old plans stay; an operator is told."""
    async with runtime.begin() as conn:
        text = f"its bookings could not be planned anew: {reason}"
        await notify(conn, job.tenant_id, "reminder_policy", job.policy_id, "not_renewed", text, now=runtime.clock())
