"""Whether ticks and fetches stay cheap when the tables are full: each is timed on an empty database and on a full one.

Full: a million tasks and a million reminders of bookings in the future, 100,000 messages that wait, a million messages
sent and a million jobs finished.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median
from uuid import UUID

import psycopg

from bench.report import Line
from bench.rig import ACCOUNT, Rig
from concierge.bookings.times import rules
from concierge.conversations.keeping import load_turn
from concierge.outbox.line import store as line
from concierge.runtime import Runtime
from concierge.wiring import wire
from concierge.worker.app import TICKS, WORK
from concierge.worker.housekeeping import ticks as housekeeping

MILLION = 1_000_000
WAITING = 100_000
SLOW = 0.2  # seconds of one run, from which on fewer are made
NOBODY = UUID(int=0)


def measure(rig: Rig, *, seconds: float, rounds: int) -> list[Line]:  # noqa: ARG001  as long as it takes
    empty = asyncio.run(_timed(rig))
    _fill(rig)
    full = asyncio.run(_timed(rig))
    lines = []
    for name, before in empty.items():
        after = full[name]
        lines.append(Line(f"{name}, full", f"{after:.2f} ms", f"{after / before:.2f}", f"{before:.2f} ms when empty"))
    return lines


async def _timed(rig: Rig) -> dict[str, float]:
    """Median milliseconds of everything that runs again and again."""
    runtime = wire(rig.settings, name="bench")
    await runtime.pool.open()
    try:
        known = (*TICKS, *housekeeping(WORK, TICKS))
        runs: dict[str, Callable[[], Awaitable[object]]] = {
            f"tick {tick.name}": partial(tick.run, runtime) for tick in known if tick.name != "retention.redact"
        }
        runs["fetch of a job"] = partial(_fetch, runtime)
        runs["claim of a message"] = partial(_claim, runtime)
        runs["look at a conversation"] = partial(_look, runtime)
        return {name: await _median(run) for name, run in runs.items()}
    finally:
        await runtime.close()


async def _median(run: Callable[[], Awaitable[object]]) -> float:
    for _ in range(8):  # so that statements are prepared
        took = await _seconds(run)
    times = [await _seconds(run) for _ in range(5 if took > SLOW else 100)]
    return median(times) * 1000


async def _seconds(run: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await run()
    return time.perf_counter() - begun


async def _fetch(runtime: Runtime) -> None:
    async with runtime.connection() as conn:
        await conn.execute("select * from procrastinate_fetch_job_v2(null, null)")


async def _claim(runtime: Runtime) -> None:
    async with runtime.connection() as conn:
        await line.head(conn, conversation_id=NOBODY, now=runtime.clock())


async def _look(runtime: Runtime) -> None:
    async with runtime.connection() as conn:
        await load_turn(conn, NOBODY)


def _fill(rig: Rig) -> None:
    """Rows as the program would have left them; triggers are off, so that it takes a minute and not ten."""
    with psycopg.connect(rig.url, autocommit=True) as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute("set synchronous_commit = off")
        for statement in _ROWS:
            conn.execute(statement, {"many": MILLION, "waiting": WAITING, "account": ACCOUNT, "rules": rules()})
        conn.execute("reset session_replication_role")
        conn.execute("vacuum analyze")
        conn.execute("checkpoint")


_ROWS = (
    """
    insert into contact (tenant_id, created_at) select id, now() from tenant, generate_series(1, 20000)
    """,
    """
    insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
    select tenant_id, id, 'whatsapp', 'phone', row_number() over (), now() from contact
    """,
    """
    insert into conversation (tenant_id, channel_account_id, contact_id, identity_id, last_seq, handled_seq, opened_at,
                              last_message_at)
    select i.tenant_id, a.id, i.contact_id, i.id, 5, 5, now(), now()
    from contact_identity i, channel_account a where a.external_id = %(account)s
    """,
    """
    create temporary table person as
    select row_number() over () as n, * from conversation
    """,
    """
    insert into task (tenant_id, contact_id, conversation_id, inbound_message_id, title, kind, status, due_at, zone,
                      created_at, moved_at)
    select p.tenant_id, p.contact_id, p.id, p.id, 'Call the dentist', 'remind', 'pending',
           now() + interval '1 day' + k * interval '1 second', 'UTC', now(), now()
    from generate_series(1, %(many)s) k join person p on p.n = 1 + k %% 20000
    """,
    """
    insert into reminder_policy (tenant_id, name, usual, created_at, updated_at)
    select id, 'usual', true, now(), now() from tenant
    """,
    """
    insert into booking (tenant_id, contact_id, policy_id, policy_version, source, external_id, service, starts_at,
                         zone, wall, zone_rules, planned_from, created_at, moved_at)
    select p.tenant_id, p.contact_id, r.id, 1, 'bench', k, 'Haircut',
           now() + interval '2 days' + k * interval '1 second', 'UTC', now(), %(rules)s, now(), now(), now()
    from generate_series(1, %(many)s / 4) k join person p on p.n = 1 + k %% 20000 cross join reminder_policy r
    """,
    """
    insert into reminder (tenant_id, booking_id, schedule_version, n, due_at, created_at, moved_at)
    select b.tenant_id, b.id, 1, n, b.starts_at - n * interval '2 hours', now(), now()
    from booking b cross join generate_series(1, 4) n
    """,
    """
    insert into outbound_message (tenant_id, channel_account_id, conversation_id, identity_id, kind, dedupe_key,
                                  payload, status, due_at, wake_at, created_at, moved_at)
    select p.tenant_id, p.channel_account_id, p.id, p.identity_id, 'reminder', 'waiting:' || k, '{"text": "Hello"}',
           'queued', now() + interval '1 day', now() + interval '1 day', now(), now()
    from generate_series(1, %(waiting)s) k join person p on p.n = 1 + k %% 20000
    """,
    """
    insert into outbound_message (tenant_id, channel_account_id, conversation_id, identity_id, kind, dedupe_key,
                                  payload, status, due_at, provider_message_id, created_at, moved_at)
    select p.tenant_id, p.channel_account_id, p.id, p.identity_id, 'reminder', 'sent:' || k, '{"text": "Hello"}',
           'sent', now() - interval '1 day', 'wamid.' || k, now() - interval '1 day', now() - interval '1 day'
    from generate_series(1, %(many)s) k join person p on p.n = 1 + k %% 20000
    """,
    """
    insert into procrastinate_jobs (queue_name, task_name, args, status, attempts)
    select 'inbox', 'inbox.handle', jsonb_build_object('conversation_id', p.id), 'succeeded', 0
    from generate_series(1, %(many)s) k join person p on p.n = 1 + k %% 20000
    """,
    """
    insert into procrastinate_events (job_id, type, at)
    select j.id, e.type::procrastinate_job_event_type, now() - interval '1 hour'
    from procrastinate_jobs j, (values ('deferred'), ('started'), ('succeeded')) e (type)
    where j.status = 'succeeded' and j.queue_name = 'inbox'
    """,
)
