"""What Postgres knows about questions to models, and about those who answer."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from concierge.asking.model import Breaker, Standing, Told
from concierge.llm.purposes import Purpose
from concierge.postgres.query import Conn, query

Outcome = Literal["answered", "unavailable", "refused"]


@query("""
    select b.monthly_micro_usd as budget, b.at_limit, coalesce(s.micro_usd, 0) as spent,
           coalesce((select jsonb_object_agg(provider, jsonb_build_object('failures', failures,
                                                                          'rests_till', rests_till))
                     from model_breaker where failures > 0), '{}') as breakers,
           coalesce((select jsonb_agg(jsonb_build_object('kind', kind, 'n', n, 'sealed', encode(sealed, 'base64'))
                                      order by n)
                     from pseudonym where conversation_id = %(conversation_id)s), '[]') as pseudonyms,
           coalesce((select jsonb_object_agg(provider, jsonb_build_array(external_id, known))
                     from model_thread where conversation_id = %(conversation_id)s), '{}') as threads
    from (select %(tenant_id)s::uuid as id) t
    left join model_budget b on b.tenant_id = t.id
    left join model_spend s on s.tenant_id = t.id and s.month = %(month)s
""")
async def standing(conn: Conn, *, tenant_id: UUID, conversation_id: UUID | None, month: date) -> Standing:
    """Everything that must be known before a provider is asked, in one round trip."""


@query("""
    with spent as (
        insert into model_spend (tenant_id, month, micro_usd)
        select %(tenant_id)s, %(month)s, %(cost_micro_usd)s::bigint where %(cost_micro_usd)s::bigint > 0
        on conflict (tenant_id, month) do update set micro_usd = model_spend.micro_usd + excluded.micro_usd
        returning tenant_id, micro_usd
    ), month_over as (  -- the first that costs anything in a month: what was told of the one before is over
        update notification n set acknowledged_at = %(now)s
        from spent where spent.micro_usd = %(cost_micro_usd)s and n.tenant_id = spent.tenant_id
          and n.subject_id = spent.tenant_id and n.kind = 'model_budget' and n.acknowledged_at is null
          and n.created_at < %(month)s
    )
    insert into model_call (tenant_id, conversation_id, provider, model, purpose, prompt_version, prompt_hash, outcome,
                            error, request_id, input_tokens, cached_tokens, output_tokens, cost_micro_usd, latency_ms,
                            prompt, answer, created_at)
    select %(tenant_id)s, %(conversation_id)s, %(provider)s, %(model)s, %(purpose)s, %(prompt_version)s,
           %(prompt_hash)s, %(outcome)s, left(%(error)s, 500), %(request_id)s, %(input_tokens)s, %(cached_tokens)s,
           %(output_tokens)s, %(cost_micro_usd)s, %(latency_ms)s, %(prompt)s, %(answer)s, %(now)s
    -- always true. What cost nothing does not wait for the disk: the commit of what it led to takes it along (ADR 105)
    where %(cost_micro_usd)s > 0 or set_config('synchronous_commit', 'off', true) = 'off'
""")
async def add_call(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID | None,
    provider: str,
    model: str,
    purpose: Purpose,
    prompt_version: str,
    prompt_hash: str,
    outcome: Outcome,
    error: str | None,
    request_id: str | None,
    input_tokens: int,
    cached_tokens: int,
    output_tokens: int,
    cost_micro_usd: int,
    latency_ms: int,
    prompt: dict[str, Any] | None,
    answer: dict[str, Any] | None,
    month: date,
    now: datetime,
) -> None:
    """One try, whatever came of it; its cost is spent."""


@query("""
    insert into model_breaker as b (provider, failures, rests_till, moved_at)
    values (%(provider)s, 1, %(until)s, %(now)s)
    on conflict (provider) do update
    set failures = b.failures + 1, moved_at = %(now)s,
        -- rests twice as long with every failure past the patience, half a minute at first
        rests_till = greatest(
            %(until)s,
            case when b.failures + 1 >= %(patience)s
                 then %(now)s + least(interval '30 seconds' * power(2, least(b.failures + 1 - %(patience)s, 10)),
                                      interval '10 minutes') end)
    returning b.failures, b.rests_till
""")
async def fail_provider(conn: Conn, *, provider: str, patience: int, until: datetime | None, now: datetime) -> Breaker:
    """It gave no answer; until when nobody asks it, if that was too often or it said how long itself."""


@query("""
    -- the first tenant is whoever runs the machine
    update model_breaker set told_tenant_id = (select id from tenant order by created_at, id limit 1)
    where provider = %(provider)s and told_tenant_id is null
    returning id, told_tenant_id as tenant_id
""")
async def tell_resting(conn: Conn, *, provider: str) -> Told | None:
    """Whose operators have to be told that it rests; None: they were, since it last answered."""


@query("""
    with before as (select id, told_tenant_id from model_breaker where provider = %(provider)s for update)
    update model_breaker b set failures = 0, rests_till = null, told_tenant_id = null, moved_at = %(now)s
    from before where b.id = before.id
    returning b.id, before.told_tenant_id as tenant_id
""")
async def heal_provider(conn: Conn, *, provider: str, now: datetime) -> Told | None:
    """It answers again; whose operators had been told that it does not."""


@query("""
    update model_breaker set rests_till = %(until)s
    where provider = %(provider)s and rests_till <= %(now)s
    returning true
""")
async def try_provider(conn: Conn, *, provider: str, until: datetime, now: datetime) -> bool | None:
    """Its rest is over and somebody has to be the first: one caller, whose answer the others wait for."""


@query("""
    update model_spend set told_at = %(now)s
    where tenant_id = %(tenant_id)s and month = %(month)s and told_at is null
    returning true
""")
async def tell_spent(conn: Conn, *, tenant_id: UUID, month: date, now: datetime) -> bool | None:
    """Whether operators have still to be told that the budget is used up."""


@query("""
    insert into pseudonym (tenant_id, conversation_id, kind, n, sealed, created_at)
    select %(tenant_id)s, %(conversation_id)s, kind, n, sealed, %(now)s
    from unnest(%(kinds)s::text[], %(ns)s::int[], %(sealed)s::bytea[]) as new (kind, n, sealed)
    on conflict (conversation_id, kind, n) do nothing
    returning n
""")
async def add_pseudonyms(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID,
    kinds: list[str],
    ns: list[int],
    sealed: list[bytes],
    now: datetime,
) -> list[int]:
    """Placeholders that were given out; fewer rows come back where another question took some of the numbers."""


@query("""
    insert into model_thread (tenant_id, conversation_id, provider, external_id, known, created_at)
    values (%(tenant_id)s, %(conversation_id)s, %(provider)s, %(external_id)s, %(known)s, %(now)s)
    on conflict (conversation_id, provider) do update
    set external_id = excluded.external_id, known = excluded.known, created_at = excluded.created_at
""")
async def keep_thread(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID,
    provider: str,
    external_id: str,
    known: str,
    now: datetime,
) -> None:
    """What the provider knows of the conversation now."""
