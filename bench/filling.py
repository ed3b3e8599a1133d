"""A full database: a million tasks, a million reminders of bookings, 100,000 messages that wait, a million messages
sent and a million jobs finished, and whatever else a part of the benchmarks wants.
"""

from typing import LiteralString

import psycopg

from bench.rig import ACCOUNT, Rig
from concierge.bookings.times import rules

MILLION = 1_000_000
WAITING = 100_000


def fill(rig: Rig, *more: LiteralString, people: int) -> None:
    """Rows as the program would have left them; triggers are off, so that it takes minutes and not an hour.

    `more`: statements after ours, which may use its parameters and the table `person`: the conversations, numbered.
    """
    facts = {"many": MILLION, "waiting": WAITING, "people": people, "account": ACCOUNT, "rules": rules()}
    with psycopg.connect(rig.url, autocommit=True, cursor_factory=psycopg.ClientCursor) as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute("set synchronous_commit = off")
        for statement in (*_ROWS, *more):
            conn.execute(statement, facts)
        conn.execute("reset session_replication_role")
        conn.execute("vacuum analyze")
        conn.execute("checkpoint")


_ROWS = (
    """
    insert into contact (tenant_id, created_at) select id, now() from tenant, generate_series(1, %(people)s)
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
    from generate_series(1, %(many)s) k join person p on p.n = 1 + k %% %(people)s
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
    from generate_series(1, %(many)s / 4) k join person p on p.n = 1 + k %% %(people)s cross join reminder_policy r
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
    from generate_series(1, %(waiting)s) k join person p on p.n = 1 + k %% %(people)s
    """,
    """
    insert into outbound_message (tenant_id, channel_account_id, conversation_id, identity_id, kind, dedupe_key,
                                  payload, status, due_at, provider_message_id, created_at, moved_at)
    select p.tenant_id, p.channel_account_id, p.id, p.identity_id, 'reminder', 'sent:' || k, '{"text": "Hello"}',
           'sent', now() - interval '1 day', 'wamid.' || k, now() - interval '1 day', now() - interval '1 day'
    from generate_series(1, %(many)s) k join person p on p.n = 1 + k %% %(people)s
    """,
    """
    insert into procrastinate_jobs (queue_name, task_name, args, status, attempts)
    select 'inbox', 'inbox.handle', jsonb_build_object('conversation_id', p.id), 'succeeded', 0
    from generate_series(1, %(many)s) k join person p on p.n = 1 + k %% %(people)s
    """,
    """
    insert into procrastinate_events (job_id, type, at)
    select j.id, e.type::procrastinate_job_event_type, now() - interval '1 hour'
    from procrastinate_jobs j, (values ('deferred'), ('started'), ('succeeded')) e (type)
    where j.status = 'succeeded' and j.queue_name = 'inbox'
    """,
    """
    insert into model_call (tenant_id, conversation_id, provider, model, purpose, prompt_version, prompt_hash, outcome,
                            input_tokens, cached_tokens, output_tokens, cost_micro_usd, latency_ms, created_at)
    select p.tenant_id, p.id, 'anthropic', 'm', 'extract', 'extract-3', 'h', 'answered', 900, 0, 90, 140, 800,
           now() - k * interval '1 second'
    from generate_series(1, %(many)s) k join person p on p.n = 1 + k %% %(people)s
    """,
    """
    insert into pseudonym (tenant_id, conversation_id, kind, n, sealed, created_at)
    select p.tenant_id, p.id, 'NAME', k, 'sealed', now() from person p, generate_series(1, 5) k
    """,
)
