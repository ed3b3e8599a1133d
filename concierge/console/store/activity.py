"""Counting what happens into minutes, and what they say. A minute is counted anew, whole, as often as one likes."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Bar(Struct, frozen=True):
    """One bar of a chart."""

    at: datetime
    received: int
    made: int
    troubled: int  # of those made: failed, or nobody knows


class Carried(Struct, frozen=True):
    """What a channel carried."""

    channel: str
    received: int
    sent: int
    failed: int
    unknown: int


class Quarter(Struct, frozen=True):
    """What a channel carried in a quarter of an hour."""

    at: datetime
    channel: str
    received: int
    made: int
    sent: int
    failed: int
    unknown: int


class Asked(Struct, frozen=True):
    """What a model was asked."""

    provider: str
    asked: int
    unanswered: int
    cost_micro_usd: int
    latency_ms: float  # mean
    slowest_ms: int


@query("""
    select greatest((select max(minute) from activity_minute), (select max(minute) from model_minute))
""")
async def newest(conn: Conn) -> datetime | None:
    """The last minute in which anything happened, of those that were counted. Across tenants."""


@query("""
    select least(
        (select min(received_at) from inbound_message where redacted_at is null and received_at >= %(since)s),
        (select min(created_at) from outbound_message where redacted_at is null and created_at >= %(since)s),
        (select min(created_at) from model_call where created_at >= %(since)s))
""")
async def oldest(conn: Conn, *, since: datetime) -> datetime | None:
    """When the first thing happened that could be counted, from `since` on. Across tenants."""


@query("""
    with came as (
        select m.tenant_id, date_trunc('minute', m.received_at) as minute, a.channel, count(*) as received
        from inbound_message m join channel_account a on a.id = m.channel_account_id
        -- the condition of the index that retention keeps by time
        where m.redacted_at is null and m.received_at >= %(start)s and m.received_at < %(until)s
        group by 1, 2, 3
    ), went as (
        select o.tenant_id, date_trunc('minute', o.created_at) as minute, a.channel, count(*) as made,
               count(*) filter (where o.status in ('sent', 'delivered', 'read')) as sent,
               count(*) filter (where o.status in ('failed', 'blocked')) as failed,
               count(*) filter (where o.status = 'unknown') as unknown
        from outbound_message o join channel_account a on a.id = o.channel_account_id
        where o.redacted_at is null and o.created_at >= %(start)s and o.created_at < %(until)s
        group by 1, 2, 3
    )
    insert into activity_minute (tenant_id, minute, channel, received, made, sent, failed, unknown)
    select tenant_id, minute, channel, coalesce(received, 0), coalesce(made, 0), coalesce(sent, 0),
           coalesce(failed, 0), coalesce(unknown, 0)
    from came full join went using (tenant_id, minute, channel)
    on conflict (tenant_id, minute, channel) do update
        set received = excluded.received, made = excluded.made, sent = excluded.sent, failed = excluded.failed,
            unknown = excluded.unknown
""")
async def count_messages(conn: Conn, *, start: datetime, until: datetime) -> None:
    """Count the messages of whole minutes. Across tenants."""


@query("""
    insert into model_minute (tenant_id, minute, provider, asked, unanswered, cost_micro_usd, latency_ms, slowest_ms)
    select c.tenant_id, date_trunc('minute', c.created_at), c.provider, count(*),
           count(*) filter (where c.outcome <> 'answered'), sum(c.cost_micro_usd), sum(c.latency_ms), max(c.latency_ms)
    from model_call c where c.created_at >= %(start)s and c.created_at < %(until)s
    group by 1, 2, 3
    on conflict (tenant_id, minute, provider) do update
        set asked = excluded.asked, unanswered = excluded.unanswered, cost_micro_usd = excluded.cost_micro_usd,
            latency_ms = excluded.latency_ms, slowest_ms = excluded.slowest_ms
""")
async def count_questions(conn: Conn, *, start: datetime, until: datetime) -> None:
    """Count the questions to models of whole minutes. Across tenants."""


@query("""
    with old as (delete from activity_minute where minute < %(before)s)
    delete from model_minute where minute < %(before)s
""")
async def forget(conn: Conn, *, before: datetime) -> None:
    """Drop what no chart shows any more. Across tenants."""


@query("""
    with late as (
        select distinct minute from activity_minute
        where minute >= %(start)s and minute < %(until)s and made > sent
    ), went as (
        select o.tenant_id, late.minute, a.channel,
               count(*) filter (where o.status in ('sent', 'delivered', 'read')) as sent,
               count(*) filter (where o.status in ('failed', 'blocked')) as failed,
               count(*) filter (where o.status = 'unknown') as unknown
        from late
        join outbound_message o on o.redacted_at is null
             and o.created_at >= late.minute and o.created_at < late.minute + interval '1 minute'
        join channel_account a on a.id = o.channel_account_id
        group by 1, 2, 3
    )
    update activity_minute m set sent = w.sent, failed = w.failed, unknown = w.unknown
    from went w
    where m.tenant_id = w.tenant_id and m.minute = w.minute and m.channel = w.channel
      and (m.sent, m.failed, m.unknown) <> (w.sent, w.failed, w.unknown)
""")
async def count_fates(conn: Conn, *, start: datetime, until: datetime) -> None:
    """Look again what became of messages, in those minutes of which not all were sent. Across tenants."""


@query("""
    select slot.at, coalesce(sum(m.received), 0)::int as received, coalesce(sum(m.made), 0)::int as made,
           coalesce(sum(m.failed + m.unknown), 0)::int as troubled
    from generate_series(%(start)s::timestamptz, %(until)s::timestamptz - interval '1 second',
                         interval '15 minutes') slot (at)
    left join (select date_bin('15 minutes', minute, %(start)s::timestamptz) as at, received, made, failed, unknown
               from activity_minute
               where tenant_id = %(tenant_id)s and minute >= %(start)s and minute < %(counted)s) m on m.at = slot.at
    group by 1 order by 1
""")
async def bars(conn: Conn, *, tenant_id: UUID, start: datetime, until: datetime, counted: datetime) -> list[Bar]:
    """Quarters of an hour from `start` on, the quiet ones too, of minutes before `counted`."""


@query("""
    select channel, sum(received)::int as received, sum(sent)::int as sent, sum(failed)::int as failed,
           sum(unknown)::int as unknown
    from activity_minute
    where tenant_id = %(tenant_id)s and minute >= %(start)s and minute < %(counted)s group by 1 order by 1
""")
async def carried(conn: Conn, *, tenant_id: UUID, start: datetime, counted: datetime) -> list[Carried]:
    """What each channel carried since then, in minutes before `counted`."""


@query("""
    with happened as (
        (select channel_account_id, received_at as at, null as status from inbound_message
         where tenant_id = %(tenant_id)s and received_at >= %(counted)s and redacted_at is null
         order by received_at desc limit %(bound)s)
        union all
        (select channel_account_id, created_at, status from outbound_message
         where tenant_id = %(tenant_id)s and created_at >= %(counted)s and redacted_at is null
         order by created_at desc limit %(bound)s)
    )
    select date_bin('15 minutes', h.at, %(start)s::timestamptz) as at, a.channel,
           count(*) filter (where h.status is null)::int as received, count(h.status)::int as made,
           count(*) filter (where h.status in ('sent', 'delivered', 'read'))::int as sent,
           count(*) filter (where h.status in ('failed', 'blocked'))::int as failed,
           count(*) filter (where h.status = 'unknown')::int as unknown
    from happened h join channel_account a on a.id = h.channel_account_id
    group by 1, 2
""")
async def uncounted(conn: Conn, *, tenant_id: UUID, start: datetime, counted: datetime, bound: int) -> list[Quarter]:
    """What happened since `counted`, to the bound, in quarters of an hour from `start` on."""


@query("""
    with asked as (
        select provider, asked, unanswered, cost_micro_usd, latency_ms, slowest_ms from model_minute
        where tenant_id = %(tenant_id)s and minute >= %(start)s and minute < %(counted)s
        union all
        (select provider, 1, (outcome <> 'answered')::int, cost_micro_usd, latency_ms, latency_ms from model_call
         where tenant_id = %(tenant_id)s and created_at >= %(counted)s order by created_at desc limit %(bound)s)
    )
    select provider, sum(asked)::int as asked, sum(unanswered)::int as unanswered,
           sum(cost_micro_usd)::bigint as cost_micro_usd, (sum(latency_ms) / sum(asked))::float as latency_ms,
           max(slowest_ms) as slowest_ms
    from asked group by 1 order by 1
""")
async def asked(conn: Conn, *, tenant_id: UUID, start: datetime, counted: datetime, bound: int) -> list[Asked]:
    """What each model was asked since then; since `counted`, to the bound."""
