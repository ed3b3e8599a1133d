"""What the pages are measured with, beside the rows that every full database has: times over a year, states that are
rare, a conversation of 20,000 messages, and a machine in trouble."""

from typing import LiteralString

MORE: tuple[LiteralString, ...] = (
    # a tenth of everything in the last day, the rest over a year; hardly any in trouble, none expired
    """
    update outbound_message o set
        created_at = x.at, moved_at = x.at, receipt_at = x.at,
        status = case when k %% 1000 = 3 then 'failed' when k %% 5000 = 7 then 'blocked'
                      when k %% 20000 = 9 then 'unknown' when k = 11 then 'cancelled'
                      else (array['sent', 'delivered', 'read', 'read'])[1 + k %% 4] end,
        escalated_at = case when k %% 20000 = 9 then x.at end
    from (select id, substr(dedupe_key, 6)::int as k,
                 now() - case when substr(dedupe_key, 6)::int %% 10 = 0 then interval '1 day' else interval '1 year' end
                         * (substr(dedupe_key, 6)::float / %(many)s) as at
          from outbound_message where dedupe_key like 'sent:%%') x
    where o.id = x.id
    """,
    """
    insert into inbound_message (tenant_id, channel_account_id, conversation_id, identity_id, seq, provider_message_id,
                                 kind, text, sent_at, received_at)
    select p.tenant_id, p.channel_account_id, p.id, p.identity_id, k, 'in.' || k, 'text',
           'remind me tomorrow at nine to call the dentist', x.at, x.at
    from generate_series(1, %(many)s) k
    join person p on p.n = 1 + case when k %% 50 = 0 then 0 else k %% %(people)s end
    cross join lateral (select now() - case when k %% 10 = 0 then interval '1 day' else interval '1 year' end
                                       * (k::float / %(many)s) as at) x
    """,
    """
    update contact c set name = (array['Anna', 'Bob', 'Chiara', 'Deniz'])[1 + x.n %% 4] || ' ' || x.n,
           created_at = now() - x.n * interval '2 minutes'
    from (select id, row_number() over () as n from contact) x where x.id = c.id
    """,
    """
    update conversation c set
        last_message_at = now() - p.n * interval '2 minutes', opened_at = now() - p.n * interval '2 minutes',
        status = case when p.n %% 500 = 0 then 'handoff_requested' when p.n %% 700 = 0 then 'human'
                      when p.n %% 3 = 0 then 'closed' else 'bot' end,
        parked_at = case when p.n %% 2000 = 1 then now() - p.n * interval '2 minutes' end,
        handled_seq = case when p.n %% 1000 = 0 then 4 else 5 end
    from person p where p.id = c.id
    """,
    """
    update task t set
        created_at = x.at, moved_at = x.at, due_at = t.due_at + (x.k - 0.99 * %(many)s) * interval '10 seconds',
        status = case when x.k %% 1000 = 3 then 'failed' when x.k %% 5000 = 7 then 'needs_clarification'
                      when x.k < 0.7 * %(many)s then 'done' else 'pending' end
    from (select id, row_number() over () as k, now() - row_number() over () * interval '30 seconds' as at from task) x
    where x.id = t.id
    """,
    "update booking set created_at = now() - external_id::int * interval '2 minutes'",
    """
    insert into event (tenant_id, subject, subject_id, type, to_status, at)
    select tenant_id, 'outbound_message', id, 'outbound_message.sent', 'sent', moved_at from outbound_message
    limit %(many)s
    """,
    """
    insert into delivery_attempt (outbound_message_id, n, started_at, outcome)
    select id, 1, moved_at, 'accepted' from outbound_message where provider_message_id is not null
    """,
    """
    insert into model_call (tenant_id, conversation_id, provider, purpose, prompt_version, prompt_hash, outcome,
                            input_tokens, cached_tokens, output_tokens, cost_micro_usd, latency_ms, created_at)
    select p.tenant_id, p.id, 'anthropic', 'extract', '1', 'x', 'answered', 900, 0, 100, 1200, 800,
           now() - case when k %% 10 = 0 then interval '1 day' else interval '1 year' end * (k::float / %(many)s)
    from generate_series(1, %(many)s) k join person p on p.n = 1 + k %% %(people)s
    """,
    """
    insert into lead (tenant_id, conversation_id, extraction_id, name, intent, urgency, created_at, moved_at)
    select tenant_id, id, uuid_v7(), 'Anna', 'wants a boiler', 2, opened_at, opened_at from person
    """,
    """
    insert into summary (tenant_id, contact_id, status, due_at, range_end, text, input_hash, created_at, moved_at)
    select tenant_id, contact_id, 'success', opened_at, opened_at, 'They want a boiler.', 'x', opened_at, opened_at
    from person
    """,
    """
    with account as (
        insert into credit_account (tenant_id, balance, created_at)
        select id, 1000, now() from tenant returning id, tenant_id)
    insert into credit_entry (tenant_id, account_id, kind, amount, reserved, conversation_id, turn_seq, created_at)
    select p.tenant_id, a.id, 'reserve', -1, 1, p.id, k, now() - k * interval '30 seconds'
    from generate_series(1, %(many)s) k join person p on p.n = 1 + k %% %(people)s
    join account a on a.tenant_id = p.tenant_id
    """,
    """
    insert into notification (tenant_id, subject, subject_id, kind, text, created_at, acknowledged_at)
    select tenant_id, 'outbound_message', id, 'failed', 'no such mailbox', moved_at,
           case when k > 50 then moved_at end
    from (select *, row_number() over (order by moved_at desc) as k from outbound_message limit %(people)s) o
    """,
    """
    insert into audit_entry (tenant_id, actor, action, subject, subject_id, created_at)
    select tenant_id, 'operator:olga', 'reply', 'conversation', id, opened_at from person
    """,
    """
    with endpoint as (
        insert into webhook_endpoint (tenant_id, url, event_types, secret, created_at, moved_at)
        select id, 'https://crm.example/hooks', array['*'], 'x', now(), now() from tenant
        returning id, tenant_id), happened as (
        insert into webhook_event (tenant_id, type, subject_id, data, at)
        select tenant_id, 'message.sent', id, '{}', now() - k * interval '30 seconds'
        from endpoint, generate_series(1, %(many)s) k
        returning id, at)
    insert into webhook_delivery (tenant_id, endpoint_id, event_id, status, due_at, created_at, moved_at)
    select e.tenant_id, e.id, h.id, 'delivered', now(), h.at, now() from endpoint e, happened h
    """,
    # a machine in trouble: 100,000 jobs that nobody takes, 5,000 that failed
    """
    insert into procrastinate_jobs (queue_name, task_name, args, status, attempts)
    select 'delivery', 'outbox.deliver', '{}',
           (case when k %% 20 = 0 then 'failed' else 'todo' end)::procrastinate_job_status, 1
    from generate_series(1, %(waiting)s) k
    """,
    """
    insert into procrastinate_events (job_id, type, at)
    select id, 'deferred', now() - interval '1 hour' from procrastinate_jobs where queue_name = 'delivery'
    """,
)
