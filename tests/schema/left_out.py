"""The ticks that worlds leave out while their time passes (tests/passing.py), where they would find nothing."""

from concierge.inbox.paying import OUT_OF_CREDITS
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.wiring import wire
from concierge.work import Tick
from concierge.worker.app import EVERY_TICK
from tests.passing import ABOUT
from tests.schema.year import NOW
from tests.world import make_settings

WRITTEN = "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int from pg_stat_xact_user_tables"
BY_TIME = {"retention.redact"}  # tests/behaviour/test_each_kind_is_kept_for_its_time.py says when that finds something
TOO_MUCH = {"bookings.retell"}  # is to do there, and takes long
# what the year has none of, or not just now
DUE = f"""
    update conversation set quiet_until = %(now)s, woken_at = null where id in (select id from conversation limit 5);
    update conversation set retry_at = %(now)s where id in (select id from conversation limit 5);
    update contact set erase_again_at = %(now)s where id in (select id from contact limit 5);
    update task set rule = 'FREQ=DAILY', rule_from = '2027-03-01 09:00', wall = '2027-03-01 09:00', followed = false
    where id in (select id from task where status = 'done' and redacted_at is null limit 5);
    update outbound_message set status = 'scheduled', send_at = %(now)s
    where id in (select id from outbound_message where status = 'delivered' limit 5);
    update outbound_message set expires_at = %(now)s
    where id in (select id from outbound_message where status = 'queued' limit 5);
    update reminder set status = 'sending', outbound_message_id = (
        select id from outbound_message where status = 'delivered' limit 1
    ) where id in (select id from reminder where status = 'planned' limit 5);
    update task set status = 'snoozed', due_at = %(now)s
    where id in (select id from task where status = 'pending' limit 5);
    insert into channel_account (tenant_id, channel, external_id, transport, status, resume_at)
    select id, 'email', id::text, 'sandbox', 'paused', %(now)s from tenant;
    insert into rate_bucket select id, 'far away', '2026-01-01', '2026-01-01' from tenant;
    insert into idempotent_request (tenant_id, key, fingerprint, status, headers, created_at, subject_ids)
    select id, 'key', '', 200, '{{}}', '2026-01-01', '{{}}' from tenant;
    update credit_account set balance = 5;
    update conversation set parked_at = %(now)s, parked_reason = '{OUT_OF_CREDITS}', window_until = '2028-01-01'
    where id in (select id from conversation limit 5);
    with told as (insert into webhook_endpoint (tenant_id, url, event_types, secret, created_at, moved_at)
                  select id, '', '{{}}', '', %(now)s, %(now)s from tenant returning id, tenant_id)
    insert into webhook_delivery (tenant_id, endpoint_id, event_id, due_at, created_at, moved_at)
    select tenant_id, id, id, %(now)s, %(now)s, %(now)s from told;
"""


async def written(url: str) -> dict[str, tuple[int, int]]:
    """How many rows each of them writes where much is due, and where there is none of what it is about."""
    runtime, counts = wire(make_settings(url), name="test", clock=lambda: NOW), {}
    async with runtime.pool, runtime.join() as conn:
        await conn.execute("set local session_replication_role = replica")  # nothing goes along with what is deleted
        for statement in DUE.split(";")[:-1]:
            await conn.execute(statement, {"now": NOW})
        for tick in EVERY_TICK:
            if tick.name in ABOUT.keys() - BY_TIME:
                due = 1 if tick.name in TOO_MUCH else await _count(conn, runtime, tick, ())
                counts[tick.name] = (due, await _count(conn, runtime, tick, ABOUT[tick.name]))
    return counts


async def _count(conn: Conn, runtime: Runtime, tick: Tick, without: tuple[str, ...]) -> int:
    async with conn.transaction(force_rollback=True):
        for rows in without:
            await conn.execute(f"delete from {rows}", {"now": NOW})
        (before,) = await (await conn.execute(WRITTEN)).fetchone()
        await tick.run(runtime)
        (after,) = await (await conn.execute(WRITTEN)).fetchone()
    return int(after - before)
