"""The ledger's statements. Balance and open reserves follow from entries (sql/functions/keep_balance.sql)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from concierge.credits.model import Balance, Entry
from concierge.postgres.query import Conn, query


class Reserved(Struct, frozen=True):
    """What became of the wish to reserve."""

    outcome: Literal["unlimited", "reserved", "short"]
    id: UUID | None
    amount: int | None


@query("""
    select outcome, id, amount
    from reserve_credits(%(tenant_id)s, %(conversation_id)s, %(turn_seq)s, %(amount)s, %(now)s)
""")
async def reserve(
    conn: Conn, *, tenant_id: UUID, conversation_id: UUID, turn_seq: int, amount: int, now: datetime
) -> Reserved:
    """Take credits for a turn; the same turn again gets what it has taken already."""


@query("""
    -- whoever deletes the hold ends the reserve; a second end waits here and finds nothing
    with held as (select id from credit_hold where id = %(id)s and tenant_id = %(tenant_id)s for update)
    insert into credit_entry (tenant_id, account_id, kind, amount, reserved, reserve_id, conversation_id, turn_seq,
                              created_at)
    select e.tenant_id, e.account_id, case when %(spent)s::bigint = 0 then 'release' else 'settle' end,
           e.reserved - %(spent)s::bigint, e.reserved, e.id, e.conversation_id, e.turn_seq, %(now)s
    from held join credit_entry e on e.id = held.id
    returning id
""")
async def end(conn: Conn, id: UUID, *, tenant_id: UUID, spent: int, now: datetime) -> UUID | None:
    """Settle a reserve, or release it where nothing was spent; None where it has ended already."""


@query("""
    with abandoned as (
        select id from credit_hold where created_at < %(before)s order by created_at limit %(limit)s
        for update skip locked
    )
    insert into credit_entry (tenant_id, account_id, kind, amount, reserved, reserve_id, conversation_id, turn_seq,
                              note, created_at)
    select e.tenant_id, e.account_id, 'release', e.reserved, e.reserved, e.id, e.conversation_id, e.turn_seq,
           'abandoned', %(now)s
    from abandoned join credit_entry e on e.id = abandoned.id
    -- accounts are locked in one order
    order by e.account_id
    returning id
""")
async def release_abandoned(conn: Conn, *, before: datetime, now: datetime, limit: int) -> list[UUID]:
    """Give back what was reserved by somebody who never came back."""


@query("""
    insert into credit_account (tenant_id, created_at) values (%(tenant_id)s, %(now)s)
    on conflict (tenant_id) do nothing
""")
async def open_account(conn: Conn, *, tenant_id: UUID, now: datetime) -> None:
    """From now on the tenant is metered."""


@query("""
    insert into credit_entry (tenant_id, account_id, kind, amount, key, note, created_at)
    select tenant_id, id, 'grant', %(amount)s, %(key)s, %(note)s, %(now)s
    from credit_account where tenant_id = %(tenant_id)s
    on conflict (account_id, key) do nothing
    returning id
""")
async def grant(conn: Conn, *, tenant_id: UUID, amount: int, key: str, note: str | None, now: datetime) -> UUID | None:
    """Add credits under their key; None where the same were added before."""


@query("""
    select t.id as tenant_id, a.id is not null as metered, a.balance,
           (select coalesce(sum(e.reserved), 0)::bigint from credit_hold h join credit_entry e on e.id = h.id
            where h.tenant_id = t.id) as reserved,
           coalesce(newest.created_at, a.created_at) as last_updated
    from tenant t
    left join credit_account a on a.tenant_id = t.id
    left join lateral (select e.created_at from credit_entry e where e.account_id = a.id
                       order by e.position desc limit 1) newest on true
    where t.id = %(tenant_id)s
""")
async def balance(conn: Conn, *, tenant_id: UUID) -> Balance:
    """How the tenant's account stands, if it has one."""


@query("""
    select id, kind, amount, reserve_id, conversation_id, key, note, created_at from credit_entry
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Entry]:
    """A page of the ledger, newest first."""


@query("""
    select id, kind, amount, reserve_id, conversation_id, key, note, created_at from credit_entry
    where tenant_id = %(tenant_id)s and key = %(key)s
""")
async def granted(conn: Conn, *, tenant_id: UUID, key: str) -> Entry:
    """The grant of this key."""


@query("select true from tenant where id = %(tenant_id)s")
async def is_tenant(conn: Conn, *, tenant_id: UUID) -> bool | None:
    """Whether there is such a tenant."""
