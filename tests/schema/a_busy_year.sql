-- 2,500 people, twice as many of everything they cause: enough for an index to be the quicker way, and made in two seconds
-- of processor time. Run by test_plans.py, which fills in `now`.
set session_replication_role = replica;
set timezone = 'UTC';
create function id(kind text, n bigint) returns uuid language sql immutable as 'select md5(kind || n)::uuid';
insert into tenant (id, name) values (id('tenant', 1), 'A');
insert into channel_account (id, tenant_id, channel, external_id, transport)
    values (id('account', 1), id('tenant', 1), 'whatsapp', '1234', 'x');
insert into contact (id, tenant_id, created_at)
    select id('contact', n), id('tenant', 1), now() from generate_series(1, 2500) n;
insert into contact_identity (id, tenant_id, contact_id, channel, kind, value, created_at)
    select id('identity', n), id('tenant', 1), id('contact', n), 'whatsapp', 'phone', n::text, now()
    from generate_series(1, 2500) n;
insert into conversation (id, tenant_id, channel_account_id, contact_id, identity_id, last_seq, handled_seq,
                          opened_at, last_message_at)
    select id('conversation', n), id('tenant', 1), id('account', 1), id('contact', n), id('identity', n), 2,
           case when n %% 500 = 0 then 1 else 2 end, %(now)s, %(now)s - n * interval '4 minutes'
    from generate_series(1, 2500) n;
insert into inbound_message (id, tenant_id, channel_account_id, conversation_id, identity_id, seq,
                             provider_message_id, kind, text, sent_at, received_at)
    select id('inbound', n), id('tenant', 1), id('account', 1), id('conversation', 1 + n / 2),
           id('identity', 1 + n / 2), 1 + n %% 2, 'wamid.' || n, 'text', 'hello', %(now)s,
           %(now)s - n * interval '80 minutes'
    from generate_series(0, 4999) n;
insert into outbound_message (id, tenant_id, channel_account_id, conversation_id, identity_id, kind, dedupe_key,
                              payload, status, due_at, wake_at, provider_message_id, receipt_at, created_at,
                              moved_at)
    select id('outbound', n), id('tenant', 1), id('account', 1), id('conversation', 1 + n / 2),
           id('identity', 1 + n / 2), 'reminder', n::text, '{"text": "hello"}',
           case when n %% 1000 < 3 then (array['queued', 'sending', 'unknown'])[1 + n %% 1000] else 'delivered' end,
           %(now)s - interval '1 hour', case when n %% 2000 = 0 then %(now)s - interval '1 hour' end, 'out.' || n,
           %(now)s - n * interval '80 minutes', %(now)s - n * interval '80 minutes',
           %(now)s - n * interval '80 minutes' - interval '1 hour'
    from generate_series(0, 4999) n;
insert into contact_identity (id, tenant_id, contact_id, channel, kind, value, created_at)
    select id('alias', n), id('tenant', 1), id('contact', n), 'whatsapp', 'bsuid', 'alias.' || n, now()
    from generate_series(1, 2500) n;
insert into media (tenant_id, inbound_message_id, n, kind, locator, status, due_at, wake_at, created_at, moved_at)
    select id('tenant', 1), id('inbound', n), 1, 'image', n::text,
           case when n %% 1000 < 2 then (array['pending', 'expiring'])[1 + n %% 1000] else 'stored' end,
           %(now)s - interval '1 hour', %(now)s - interval '1 hour', %(now)s - n * interval '80 minutes',
           %(now)s - n * interval '80 minutes'
    from generate_series(0, 4999) n;
insert into app_reply (tenant_id, channel_account_id, conversation_id, provider_message_id, text, sent_at, received_at)
    select id('tenant', 1), id('account', 1), id('conversation', 1 + n), 'app.' || n, 'hello', %(now)s,
           %(now)s - n * interval '80 minutes'
    from generate_series(0, 2499) n;
insert into account_notice (tenant_id, channel_account_id, kind, text, hash, at, received_at)
    select id('tenant', 1), id('account', 1), 'k', 't', decode(md5(n::text), 'hex'), %(now)s,
           %(now)s - n * interval '80 minutes'
    from generate_series(0, 2499) n;
insert into delivery_attempt (outbound_message_id, n, started_at, outcome)
    select id('outbound', n), 1, %(now)s, case when n %% 1000 <> 1 then 'accepted' end
    from generate_series(0, 4999) n;
insert into task (id, tenant_id, contact_id, conversation_id, inbound_message_id, title, kind, status, due_at, zone,
                  reminder_id, created_at, moved_at)
    select id('task', n), id('tenant', 1), id('contact', 1 + n / 2), id('conversation', 1 + n / 2),
           id('inbound', n),
           'Call', 'remind',
           case when n %% 500 < 5
                then (array['pending', 'due', 'sending', 'needs_clarification', 'executing'])[1 + n %% 500]
                else 'done' end,
           %(now)s - interval '1 hour', 'UTC', id('outbound', n), %(now)s - n * interval '80 minutes',
           %(now)s - n * interval '80 minutes'
    from generate_series(0, 4999) n;
insert into extraction (tenant_id, conversation_id, upto_seq, model, prompt_version, reading, input_tokens,
                        output_tokens, created_at)
    select id('tenant', 1), id('conversation', 1 + n / 2), 1 + n %% 2, 'm', 'v', '{}', 1, 1,
           %(now)s - n * interval '80 minutes'
    from generate_series(0, 4999) n;
insert into event (tenant_id, subject, subject_id, type, at)
    select id('tenant', 1), 'task', id('task', n), 'task.done', now() from generate_series(0, 4999) n;
insert into procrastinate_jobs (queue_name, task_name, args, status)
    select 'inbox', 'inbox.handle', jsonb_build_object('conversation_id', id('conversation', n)),
           (case when n %% 200 = 0 then 'todo' when n %% 500 = 1 then 'doing' else 'succeeded' end)
           ::procrastinate_job_status
    from generate_series(1, 20000) n;
insert into procrastinate_events (job_id, type, at)
    select id, 'succeeded', now() - id * interval '1 minute' from procrastinate_jobs;
insert into suppression (tenant_id, channel, kind, value, reason, source, at, lifted_at)
    select id('tenant', 1), 'whatsapp', 'phone', (n * 2)::text, 'wrote STOP', 'word', now(),
           case when n %% 2 = 0 then now() end
    from generate_series(1, 1250) n;
insert into rate_bucket (tenant_id, key, tat, line)
    select id('tenant', 1), 'pair:' || n, %(now)s, %(now)s from generate_series(1, 1250) n;
insert into message_template (tenant_id, channel_account_id, name, language, kind, created_at, moved_at)
    select id('tenant', 1), id('account', 1), 'template_' || n, 'en', case when n = 1 then 'reminder' end, now(), now()
    from generate_series(1, 1200) n;
update outbound_message set status = 'held', wake_at = %(now)s where position %% 1000 = 5;
update outbound_message set status = 'blocked', reason = 'template_required' where position %% 1000 = 7;
update outbound_message set expires_at = %(now)s where position %% 1000 in (0, 5);
insert into reminder_policy (id, tenant_id, name, usual, version, created_at, updated_at)
    values (id('policy', 1), id('tenant', 1), 'P', true, 2, %(now)s, %(now)s);
insert into booking (id, tenant_id, contact_id, policy_id, policy_version, source, external_id, service, starts_at, zone,
                     wall, zone_rules, status, planned_from, created_at, moved_at)
    select id('booking', n), id('tenant', 1), id('contact', 1 + n / 2), id('policy', 1),
           case when n %% 1000 = 1 then 1 else 2 end, 'api', 'b' || n, 'S', %(now)s + (n - 1250) * interval '80 minutes', 'UTC', '2027-03-03', 'today',
           case when n %% 3 = 0 then 'cancelled' else 'booked' end, %(now)s, %(now)s - n * interval '80 minutes', %(now)s
    from generate_series(0, 4999) n;
insert into reminder (id, tenant_id, booking_id, schedule_version, n, due_at, status, outbound_message_id, created_at,
                      moved_at)
    select id('reminder', n), id('tenant', 1), id('booking', n / 2), 1, 1 + n %% 2,
           %(now)s + (n - 1250) * interval '40 minutes',
           case when n %% 1000 < 4 then (array['due', 'sending', 'failed', 'skipped'])[1 + n %% 1000]
                when n < 1200 then 'sent' else 'planned' end,
           case when n < 5000 then id('outbound', n) end, %(now)s, %(now)s - interval '1 day'
    from generate_series(0, 9999) n;
update outbound_message set about = id('booking', position / 2) where position %% 4 = 0;
insert into lead (id, tenant_id, conversation_id, due_at, read_seq, extraction_id, created_at, moved_at)
    select id('lead', n), id('tenant', 1), id('conversation', n),
           case when n %% 500 = 0 then %(now)s - interval '1 minute' end, case when n %% 500 = 0 then 1 else 2 end,
           id('extraction', n), %(now)s - n * interval '80 minutes', %(now)s - n * interval '80 minutes'
    from generate_series(1, 2500) n;
insert into summary (id, tenant_id, contact_id, status, due_at, range_end, input_hash, created_at, moved_at)
    select id('summary', n), id('tenant', 1), id('contact', 1 + n / 2),
           case when n %% 1000 < 2 then (array['waiting', 'running'])[1 + n %% 1000] else 'success' end,
           %(now)s - interval '1 hour', %(now)s, md5(n::text), %(now)s - n * interval '80 minutes',
           %(now)s - n * interval '80 minutes'
    from generate_series(0, 4999) n;
insert into credit_account (id, tenant_id, balance, created_at)
    values (id('credits', 1), id('tenant', 1), 100000, %(now)s);
insert into credit_entry (id, tenant_id, account_id, kind, amount, reserved, conversation_id, turn_seq, created_at)
    select id('reserve', n), id('tenant', 1), id('credits', 1), 'reserve', -1, 1, id('conversation', 1 + n / 2), n,
           %(now)s - n * interval '4 minutes'
    from generate_series(0, 4999) n;
insert into credit_hold (id, tenant_id, conversation_id, turn_seq, created_at)
    select id('reserve', n), id('tenant', 1), id('conversation', 1 + n / 2), n, %(now)s - n * interval '4 minutes'
    from generate_series(0, 19) n;
insert into channel_account (id, tenant_id, channel, external_id, transport, settings)
    values (id('page', 1), id('tenant', 1), 'webchat', 'page', 'webchat', '{"origins": ["https://shop.example"]}');
insert into contact_identity (id, tenant_id, contact_id, channel, kind, value, created_at)
    select id('visitor', n), id('tenant', 1), id('contact', n), 'webchat', 'webchat', 'visitor.' || n, now()
    from generate_series(1, 1250) n;
insert into conversation (id, tenant_id, channel_account_id, contact_id, identity_id, last_seq, handled_seq,
                          opened_at, last_message_at)
    select id('visit', n), id('tenant', 1), id('page', 1), id('contact', n), id('visitor', n), 2, 2, %(now)s, %(now)s
    from generate_series(1, 1250) n;
insert into webchat_session (id, tenant_id, channel_account_id, identity_id, last_seq, opened_at)
    select id('session', n), id('tenant', 1), id('page', 1), id('visitor', n), 4, now()
    from generate_series(1, 1250) n;
insert into webchat_event (session_id, seq, tenant_id, inbound_message_id)
    select id('session', 1 + n / 2), 1 + n %% 2, id('tenant', 1), id('inbound', n) from generate_series(0, 2499) n;
insert into webchat_event (session_id, seq, tenant_id, outbound_message_id)
    select id('session', 1 + n / 2), 3 + n %% 2, id('tenant', 1), id('outbound', n) from generate_series(0, 2499) n;
insert into model_call (tenant_id, conversation_id, provider, purpose, prompt_version, prompt_hash, outcome, input_tokens,
                        cached_tokens, output_tokens, cost_micro_usd, latency_ms, prompt, created_at)
    select id('tenant', 1), id('conversation', 1 + n / 2), 'p' || n %% 3, 'extract', 'v', 'h', 'answered', 1, 0, 1, 9, 5,
           case when n %% 10 = 0 then '{}'::jsonb end, %(now)s - n * interval '80 minutes'
    from generate_series(0, 4999) n;
insert into model_spend (tenant_id, month, micro_usd, told_at)
    select id('tenant', n), date_trunc('month', %(now)s::timestamptz)::date, 7, %(now)s from generate_series(1, 1250) n;
insert into model_budget (tenant_id, monthly_micro_usd) select id('tenant', n), 9 from generate_series(1, 1250) n;
insert into model_breaker (provider, failures, rests_till, moved_at)
    select 'p' || n, n %% 2, %(now)s, %(now)s from generate_series(1, 9) n;
insert into pseudonym (tenant_id, conversation_id, kind, n, sealed, created_at)
    select id('tenant', 1), id('conversation', 1 + n / 2), 'NAME', 1 + n %% 2, 'x', %(now)s - n * interval '80 minutes'
    from generate_series(0, 4999) n;
insert into model_thread (conversation_id, tenant_id, provider, external_id, known, created_at)
    select id('conversation', n), id('tenant', 1), 'p1', n::text, 'k', %(now)s - n * interval '80 minutes'
    from generate_series(1, 2500) n;
update task set kind = 'remind_and_draft' where status in ('done', 'sending');
insert into draft (id, tenant_id, task_id, n, status, author, text, tone, length, asked_by, created_at, moved_at)
    select id('draft', n), id('tenant', 1), id('task', n), 1,
           case when n %% 1000 = 12 then 'writing' when n %% 4 = 1 then 'proposed' else 'sent' end, 'model', 't', 'f', 'short',
           id('outbound', n), %(now)s, %(now)s - n * interval '80 minutes'
    from generate_series(0, 4999) n;
