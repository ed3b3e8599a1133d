"""What a tenant may spend on models, and what it has spent."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from concierge.postgres.query import Conn, query


class Budget(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Millionths of a US dollar a month; null: no limit. `at_limit`: who answers once it is used up."""

    monthly_micro_usd: Annotated[int, Meta(ge=0, le=10**15)] | None
    at_limit: Literal["local", "none"] = "local"


class Spending(Struct, frozen=True, kw_only=True):
    """A month's money for models, and the budget that holds. `questions`: how many; 100,000 stands for any more."""

    month: date  # its first day, UTC
    micro_usd: int
    questions: int
    monthly_micro_usd: int | None
    at_limit: Literal["local", "none"]


@query("""
    select %(month)s::date as month, coalesce(s.micro_usd, 0) as micro_usd,
           (select count(*) from (
                select from model_call c
                where c.tenant_id = %(tenant_id)s and c.created_at >= %(month)s::date::timestamp at time zone 'UTC'
                order by c.created_at limit 100000) x) as questions,
           b.monthly_micro_usd, coalesce(b.at_limit, 'local') as at_limit
    from (select %(tenant_id)s::uuid as id) t
    left join model_spend s on s.tenant_id = t.id and s.month = %(month)s::date
    left join model_budget b on b.tenant_id = t.id
""")
async def spending(conn: Conn, *, tenant_id: UUID, month: date) -> Spending:
    """This month's."""


@query("""
    insert into model_budget (tenant_id, monthly_micro_usd, at_limit)
    values (%(tenant_id)s, %(monthly_micro_usd)s, %(at_limit)s)
    on conflict (tenant_id) do update
    set monthly_micro_usd = excluded.monthly_micro_usd, at_limit = excluded.at_limit
""")
async def limit(conn: Conn, *, tenant_id: UUID, monthly_micro_usd: int, at_limit: Literal["local", "none"]) -> None:
    """From now on so much."""


@query("""
    update model_spend set told_at = null
    where tenant_id = %(tenant_id)s and month = %(month)s and told_at is not null
      and not exists (select from model_budget b where b.tenant_id = %(tenant_id)s and b.monthly_micro_usd <= micro_usd)
    returning true
""")
async def has_room(conn: Conn, *, tenant_id: UUID, month: date) -> bool | None:
    """Whether a budget that was used up is not any more; the next time that it is, operators are told again."""


@query("delete from model_budget where tenant_id = %(tenant_id)s")
async def lift(conn: Conn, *, tenant_id: UUID) -> None:
    """No limit."""
