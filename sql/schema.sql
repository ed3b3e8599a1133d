-- The schema after all migrations, without procrastinate's own. Made by `make schema`; change a migration.


-- function accept_inbound

CREATE FUNCTION public.accept_inbound(now_at timestamp with time zone, accounts uuid[], address_kinds text[], address_values text[], names text[], provider_ids text[], kinds text[], texts text[], subjects text[], quoted text[], automation text[], sent timestamp with time zone[], raws bytea[], correlations text[], also_ns integer[], also_kinds text[], also_values text[], extras jsonb[]) RETURNS TABLE(n bigint, status text, inbound_id uuid, apart boolean)
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
declare
  stored uuid[];
  files bigint;
begin
  perform pg_advisory_xact_lock_shared(hashtext('identities'));

  -- Who writes for the first time? The identity decides (it is unique), the contact follows: the one that another
  -- address of the message has, else a new one.
  with fresh as (
    select a.tenant_id, a.channel, d.kind, d.value, d.n
    from (select m.n, m.kind, m.value from unnest(address_kinds, address_values) with ordinality as m (kind, value, n)
          union all
          select l.n, l.kind, l.value from unnest(also_ns, also_kinds, also_values) as l (n, kind, value)) d
    cross join lateral (select tenant_id, channel from channel_account where id = accounts[d.n] limit 1) a
    where not exists (select from contact_identity i
                      where i.tenant_id = a.tenant_id and i.channel = a.channel
                        and i.kind = d.kind and i.value = d.value offset 0)
  ), placed as materialized (
    select f.*, k.contact_id as known
    from fresh f
    left join lateral (
        select i.contact_id
        from (select address_kinds[f.n] as kind, address_values[f.n] as value
              union all
              select l.kind, l.value from unnest(also_ns, also_kinds, also_values) as l (n, kind, value)
              where l.n = f.n) s
        cross join lateral (select contact_id, created_at, id from contact_identity i
                            where i.tenant_id = f.tenant_id and i.channel = f.channel
                              and i.kind = s.kind and i.value = s.value limit 1) i
        order by i.created_at, i.id limit 1) k on true
  ), person as materialized (
    select p.n, p.tenant_id, uuid_v7() as contact_id
    from (select distinct n, tenant_id from placed where known is null) p
    cross join lateral (select from tenant where id = p.tenant_id and unknown_senders = 'create' limit 1) t
  ), identity as (
    insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
    select p.tenant_id, coalesce(p.known, o.contact_id), p.channel, p.kind, p.value, now_at
    from placed p left join person o on o.n = p.n
    where coalesce(p.known, o.contact_id) is not null
    -- of several messages that bring an address, one decides that brings others with it
    order by p.tenant_id, p.channel, p.kind, p.value, p.n <> all (also_ns), p.n
    on conflict do nothing
    returning contact_id
  )
  insert into contact (id, tenant_id, name, created_at)
  select o.contact_id, o.tenant_id, names[o.n], now_at
  from person o where o.contact_id in (select contact_id from identity);

  -- Open or lock the conversations of everything that is not stored yet. `where false` locks and writes nothing.
  insert into conversation (tenant_id, channel_account_id, contact_id, identity_id, opened_at, last_message_at)
  select distinct on (m.account, i.contact_id) a.tenant_id, m.account, i.contact_id, i.id, now_at, now_at
  from unnest(accounts, address_kinds, address_values, provider_ids) as m (account, kind, value, provider_id)
  cross join lateral (select tenant_id, channel from channel_account where id = m.account limit 1) a
  cross join lateral (select id, contact_id from contact_identity i
                      where i.tenant_id = a.tenant_id and i.channel = a.channel
                        and i.kind = m.kind and i.value = m.value limit 1) i
  where not exists (select from inbound_message s
                    where s.channel_account_id = m.account and s.provider_message_id = m.provider_id offset 0)
  order by m.account, i.contact_id
  on conflict (channel_account_id, contact_id) where status <> 'closed'
  do update set last_message_at = excluded.last_message_at where false;

  -- The locks are held and this statement sees whatever was committed before them: look again, number, store.
  with fresh as (
    select distinct on (m.account, m.provider_id)
           c.tenant_id, c.id as conversation_id, c.last_seq, i.id as identity_id, m.*
    from unnest(accounts, address_kinds, address_values, provider_ids, kinds, texts, subjects, quoted,
                automation, sent, raws, correlations, extras) with ordinality
         as m (account, address_kind, value, provider_id, kind, text, subject, quotes,
               automated, sent_at, raw, correlation_id, extra, ord)
    cross join lateral (select tenant_id, channel from channel_account where id = m.account limit 1) a
    cross join lateral (select id, contact_id from contact_identity i
                        where i.tenant_id = a.tenant_id and i.channel = a.channel
                          and i.kind = m.address_kind and i.value = m.value limit 1) i
    cross join lateral (select tenant_id, id, last_seq from conversation c
                        where c.channel_account_id = m.account and c.contact_id = i.contact_id
                          and c.status <> 'closed' limit 1) c
    where not exists (select from inbound_message s
                      where s.channel_account_id = m.account and s.provider_message_id = m.provider_id offset 0)
    order by m.account, m.provider_id, m.ord
  ), kept as (
    insert into inbound_message (tenant_id, channel_account_id, conversation_id, identity_id, seq,
                                 provider_message_id, kind, text, subject, quotes, automated,
                                 sent_at, received_at, raw, correlation_id, whole, thread, choice, token,
                                 context, group_id)
    select tenant_id, account, conversation_id, identity_id,
           last_seq + row_number() over (partition by conversation_id order by ord),
           provider_id, kind, text, subject, quotes, automated, sent_at, now_at, raw, correlation_id,
           extra ->> 'whole',
           case when extra ? 'thread' then array(select jsonb_array_elements_text(extra -> 'thread')) end,
           extra ->> 'choice', extra ->> 'token', extra ->> 'context', extra ->> 'group'
    from fresh
    order by account, provider_id
    returning id, channel_account_id, conversation_id, identity_id, seq, sent_at
  ), moved as (
    update conversation c
    -- who is answered: the address that wrote last
    set last_seq = c.last_seq + k.count, last_message_at = greatest(c.last_message_at, now_at), identity_id = k.writer,
        -- null where the channel knows no window
        window_until = greatest(c.window_until, k.written_at
            + service_window((select channel from channel_account a where a.id = c.channel_account_id))),
        -- every fragment makes it wait a little longer, but nobody for more than eight seconds after the first one
        quiet_until = case when k.quiet > interval '0' then
            least(now_at + k.quiet, greatest(k.quiet, interval '8 seconds')
                  + case when c.quiet_until is null then now_at else c.burst_at end) end,
        burst_at = case when k.quiet > interval '0' then
            case when c.quiet_until is null then now_at else c.burst_at end end
    -- the window opens when a message is written, not when it is redelivered; a date that is not credible is not used
    from (select conversation_id, count(*) as count, (array_agg(identity_id order by seq desc))[1] as writer,
                 max(case when sent_at between now_at - interval '7 days' and now_at then sent_at else now_at end)
                 as written_at,
                 coalesce((select quiet_seconds from agent g
                           where g.channel_account_id = kept.channel_account_id and g.live), 0) * interval '1 second'
                 as quiet
          from kept group by conversation_id, channel_account_id) k
    where c.id = k.conversation_id
    -- idle before these messages, or given up: then nobody else will come for them, unless a tick does (inbox.quiet)
    returning c.id, k.quiet = interval '0' and
              (c.handled_seq = c.last_seq - k.count or c.parked_at is not null or c.retry_at is not null) as asleep
  ), woken as (
    select procrastinate_defer_jobs_v1(array_agg(
             row('inbox', 'inbox.handle', 0, null, null, jsonb_build_object('conversation_id', id), null)
             ::procrastinate_job_to_defer_v1 order by id)) as jobs
    from moved where asleep having count(*) > 0
  )
  select array_agg(kept.id) into stored from kept left join woken on true;

  if exists (select from unnest(extras) as m (extra) where extra ? 'attachments') then
    with file as (
      insert into media (tenant_id, inbound_message_id, n, kind, locator, mime_type, filename, size, sha256,
                         due_at, wake_at, created_at, moved_at)
      select s.tenant_id, s.id, f.n, f.file ->> 'kind', f.file ->> 'locator', f.file ->> 'mime_type',
             f.file ->> 'filename', (f.file ->> 'size')::bigint, f.file ->> 'sha256',
             now_at, now_at + interval '5 minutes', now_at, now_at
      from unnest(accounts, provider_ids, extras) with ordinality as m (account, provider_id, extra, ord)
      cross join lateral (select id, tenant_id from inbound_message s
                          where s.channel_account_id = m.account and s.provider_message_id = m.provider_id limit 1) s
      cross join lateral jsonb_array_elements(m.extra -> 'attachments') with ordinality as f (file, n)
      where s.id = any (stored)
      order by m.ord, f.n
      on conflict do nothing  -- the message came twice in this batch
      returning inbound_message_id
    ), woken as (
      select procrastinate_defer_jobs_v1(array_agg(
               row('media', 'media.fetch', -5, null, null,
                   jsonb_build_object('inbound_message_id', inbound_message_id), null)
               ::procrastinate_job_to_defer_v1 order by inbound_message_id)) as jobs
      from (select distinct inbound_message_id from file) f having count(*) > 0
    )
    select count(*) from woken into files;
  end if;

  -- told to the tenant's own systems; asked once a batch, because nearly nobody has an endpoint
  if exists (select from webhook_endpoint where status = 'active') then
    perform announce(m.tenant_id, 'message.received', m.id, jsonb_build_object(
        'id', m.id, 'contact_id', c.contact_id, 'conversation_id', c.id, 'channel_account_id', m.channel_account_id,
        'channel', a.channel, 'kind', m.kind, 'provider_message_id', m.provider_message_id, 'sent_at', m.sent_at,
        'received_at', m.received_at),
      jsonb_build_object('text', m.text, 'subject', m.subject), now_at)
    from unnest(stored) as s (id)
    cross join lateral (select * from inbound_message m where m.id = s.id limit 1) m
    join conversation c on c.id = m.conversation_id
    join channel_account a on a.id = m.channel_account_id
    where exists (select from webhook_endpoint e where e.tenant_id = m.tenant_id and e.status = 'active')
    order by m.conversation_id, m.seq;
  end if;

  return query
    select m.n, case when s.id is null then 'ignored'
                     when s.id = any (stored) and m.first then 'accepted'
                     else 'duplicate' end,
           s.id,
           m.n = any (also_ns) and exists (
               select from unnest(also_ns, also_kinds, also_values) as l (n, kind, value)
               cross join lateral (select tenant_id, channel from channel_account where id = m.account limit 1) a
               cross join lateral (select contact_id from contact_identity i
                                   where i.tenant_id = a.tenant_id and i.channel = a.channel
                                     and i.kind = m.kind and i.value = m.value limit 1) mine
               cross join lateral (select contact_id from contact_identity i
                                   where i.tenant_id = a.tenant_id and i.channel = a.channel
                                     and i.kind = l.kind and i.value = l.value limit 1) theirs
               where l.n = m.n and theirs.contact_id <> mine.contact_id)
    from (select *, row_number() over (partition by account, provider_id order by n) = 1 as first
          from unnest(accounts, provider_ids, address_kinds, address_values) with ordinality
               as m (account, provider_id, kind, value, n)) m
    left join lateral (select id from inbound_message s
                       where s.channel_account_id = m.account and s.provider_message_id = m.provider_id
                       limit 1) s on true
    order by m.n;
end $$;


-- function admit_caller

CREATE FUNCTION public.admit_caller(key_hash bytea, quota integer, span double precision, now_at timestamp with time zone) RETURNS TABLE(tenant_id uuid, key_id uuid, name text, scopes text[], wait double precision, remaining integer, full_in double precision)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
declare
  gap    constant interval := make_interval(secs => span / quota);
  room   constant interval := make_interval(secs => span) - gap;
  found_ api_key;
  due    timestamptz;
begin
  select k.* into found_ from api_key k
  where k.hash = key_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now_at);
  if not found then
    return;
  end if;
  -- losing the last moments of this in a crash costs nothing; waiting for the disk at every request would
  perform set_config('synchronous_commit', 'off', true);
  if found_.last_used_at is null or found_.last_used_at < now_at - interval '1 minute' then
    update api_key k set last_used_at = now_at where k.id = found_.id;
  end if;

  insert into rate_bucket as b (tenant_id, key, tat, line)
  values (found_.tenant_id, 'api:' || found_.id, now_at + gap, now_at)
  on conflict (tenant_id, key) do update set tat = greatest(b.tat, now_at) + gap
  where b.tat <= now_at + room
  returning b.tat into due;
  if due is null then
    select b.tat into due from rate_bucket b
    where b.tenant_id = found_.tenant_id and b.key = 'api:' || found_.id;
    return query select found_.tenant_id, found_.id, found_.name, found_.scopes,
                        extract(epoch from due - room - now_at)::float, 0, extract(epoch from due - now_at)::float;
  else
    return query select found_.tenant_id, found_.id, found_.name, found_.scopes, null::float,
                        floor(extract(epoch from now_at + room + gap - due) / extract(epoch from gap))::int,
                        extract(epoch from due - now_at)::float;
  end if;
end $$;


-- function announce

CREATE FUNCTION public.announce(tenant uuid, type text, subject uuid, data jsonb, words jsonb, now_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_variable
declare
  wanted uuid[];
  texts boolean;
  event uuid;
begin
  select array_agg(e.id), bool_or(e.include_text) into wanted, texts
  from webhook_endpoint e
  where e.tenant_id = tenant and e.status = 'active'
    and e.event_types && array[type, split_part(type, '.', 1) || '.*', '*'];
  if wanted is null then
    return;
  end if;
  insert into webhook_event (tenant_id, type, subject_id, contact_id, data, words, at)
  values (tenant, type, subject, (data ->> 'contact_id')::uuid, data, case when texts then words end, now_at)
  returning id into event;
  insert into webhook_delivery (tenant_id, endpoint_id, event_id, due_at, created_at, moved_at)
  select tenant, endpoint, event, now_at, now_at, now_at from unnest(wanted) as endpoint;
end $$;


-- function announce_outbound

CREATE FUNCTION public.announce_outbound() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform announce(new.tenant_id, 'message.status', new.id, jsonb_build_object(
      'id', new.id, 'contact_id', c.contact_id, 'conversation_id', new.conversation_id,
      'channel_account_id', new.channel_account_id, 'kind', new.kind, 'status', new.status,
      'previous_status', case when tg_op = 'UPDATE' then old.status end, 'reason', new.reason,
      'provider_message_id', new.provider_message_id),
    jsonb_build_object('text', new.payload -> 'text'), new.moved_at)
  -- asked here and not only in announce(): nearly nobody is told, and then nothing needs to be looked up
  from webhook_endpoint e join conversation c on c.id = new.conversation_id
  where e.tenant_id = new.tenant_id and e.status = 'active'
  limit 1;
  return null;
end $$;


-- function announce_task

CREATE FUNCTION public.announce_task() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform announce(new.tenant_id, 'task.' || new.status, new.id, jsonb_build_object(
      'id', new.id, 'contact_id', new.contact_id, 'conversation_id', new.conversation_id, 'kind', new.kind,
      'status', new.status, 'previous_status', case when tg_op = 'UPDATE' then old.status end, 'reason', new.reason,
      'due_at', new.due_at, 'zone', new.zone),
    jsonb_build_object('title', new.title), new.moved_at);
  return null;
end $$;


-- function erase_person

CREATE FUNCTION public.erase_person(tenant uuid, person uuid, now_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  people uuid[] := array(select id from contact where tenant_id = tenant and (id = person or merged_into = person)
                         order by id for update);
  talks uuid[] := array(select id from conversation where tenant_id = tenant and contact_id = any (people)
                        order by id for update);
  tasks uuid[] := array(select id from task where tenant_id = tenant
                        and (contact_id = any (people) or conversation_id = any (talks)));
  heard uuid[] := array(select id from inbound_message where conversation_id = any (talks));
  -- held before its reminders, as whoever changes or sends does
  dates uuid[] := array(select id from booking where tenant_id = tenant and contact_id = any (people)
                        order by id for update);
  said uuid[] := array(select id from outbound_message where conversation_id = any (talks));
  -- everything that a notification or an event may be about
  subjects uuid[] := people || talks || tasks || dates || heard || said || array(
    select id from lead where conversation_id = any (talks)
    union all select id from handoff where conversation_id = any (talks)
    union all select id from summary where contact_id = any (people)
    union all select id from draft where task_id = any (tasks)
    union all select id from reminder where booking_id = any (dates)
    union all select id from media where inbound_message_id = any (heard)
    union all select s.id from suppression s join contact_identity i using (channel, kind, value)
    where s.tenant_id = tenant and i.contact_id = any (people));
begin
  -- what vendors sent about them and nobody could place
  update unrouted_message u set raw = null, detail = null, redacted_at = coalesce(u.redacted_at, now_at)
  from contact_identity i
  where i.contact_id = any (people) and i.value not like 'erased:%' and u.channel = i.channel and u.raw is not null
    and position(convert_to(i.value, 'UTF8') in u.raw) > 0;
  delete from suppression s using contact_identity i
  where i.contact_id = any (people) and s.tenant_id = tenant and s.channel = i.channel and s.kind = i.kind
    and s.value = i.value;

  -- what is read out of their words
  delete from draft where task_id = any (tasks);
  delete from lead where conversation_id = any (talks);
  delete from extraction where conversation_id = any (talks);
  delete from summary where contact_id = any (people);
  delete from intake_answer where conversation_id = any (talks);
  delete from handoff where conversation_id = any (talks) and ended_at is not null;
  update handoff set reason = '', summary = '', taken_by = null, redacted_at = now_at
  where conversation_id = any (talks);
  delete from pseudonym where conversation_id = any (talks);
  delete from model_thread where conversation_id = any (talks);
  update model_call set prompt = null, answer = null, error = null, redacted_at = now_at
  where conversation_id = any (talks);

  -- what is still to be done and said is not; the fence of a turn that is being thought about is broken
  update task
  set title = '', quote = null, evidence = null, draft = null, redacted_at = now_at, moved_at = now_at, followed = true,
      reason = case when status in ('needs_clarification', 'pending', 'snoozed', 'due', 'executing') then 'erased' end,
      status = case when status in ('needs_clarification', 'pending', 'snoozed', 'due', 'executing')
                    then 'cancelled' else status end
  where id = any (tasks);
  update reminder
  set reason = case when status in ('planned', 'due') then 'erased' end, moved_at = now_at,
      status = case when status in ('planned', 'due') then 'cancelled' else status end
  where booking_id = any (dates);
  update booking
  set service = '', provider = null, location = null, reason = null, external_id = 'erased:' || id,
      former_ids = '{}', moved_at = now_at,
      version = version + 1, status = case when starts_at > now_at then 'cancelled' else status end
  where id = any (dates);
  update outbound_message
  set payload = '{"text": ""}', extra = null, provider_message_id = null, wake_at = null, redacted_at = now_at,
      moved_at = now_at, version = version + 1,
      reason = case when status in ('scheduled', 'queued', 'held', 'blocked') then 'erased' end,
      status = case when status in ('scheduled', 'queued', 'held', 'blocked') then 'cancelled' else status end
  where id = any (said);
  update delivery_attempt set error = null, response = null where outbound_message_id = any (said);
  update inbound_message
  set text = '', subject = null, quotes = null, whole = null, thread = null, choice = null, token = null, raw = null,
      context = null, group_id = null, provider_message_id = 'erased:' || id, redacted_at = now_at
  where id = any (heard);
  -- the files go with the next round of retention
  update media set status = 'expiring', locator = '', filename = null, sha256 = null, reason = null, moved_at = now_at
  where inbound_message_id = any (heard) and status <> 'gone';
  update app_reply set text = '', provider_message_id = 'erased:' || id, redacted_at = now_at
  where conversation_id = any (talks);
  update conversation
  set status = 'closed', handled_seq = last_seq, parked_at = null, parked_reason = null, reason = null,
      retry_at = null, moved_at = now_at
  where id = any (talks);

  -- who they were
  update contact_identity set value = 'erased:' || id where contact_id = any (people);
  update contact
  set name = null, zone = null, tone = null, default_action = null, language = null, quiet_from = null,
      quiet_until = null, erased_at = coalesce(erased_at, now_at)
  where id = any (people);

  -- what was told about them, also by what was just done
  delete from notification where tenant_id = tenant and subject_id = any (subjects);
  delete from webhook_event where tenant_id = tenant and contact_id = any (people);
  update idempotent_request set body = null, headers = '{}' where tenant_id = tenant and subject_ids && subjects;
  update event set detail = null where tenant_id = tenant and subject_id = any (subjects) and detail is not null;
end $$;


-- function export_person

CREATE FUNCTION public.export_person(tenant uuid, person uuid) RETURNS TABLE(kind text, rows jsonb)
    LANGUAGE sql STABLE
    AS $$
  with people as (select id from contact where tenant_id = tenant and (id = person or merged_into = person)),
  addresses as (select i.* from contact_identity i join people p on p.id = i.contact_id),
  talks as (select c.* from conversation c join people p on p.id = c.contact_id),
  heard as (select m.* from inbound_message m join talks t on t.id = m.conversation_id),
  said as (select o.* from outbound_message o join talks t on t.id = o.conversation_id),
  found (kind, made, row) as (
    select 'contact', c.created_at, to_jsonb(c) from contact c join people p on p.id = c.id
    union all select 'contact_identity', created_at, to_jsonb(a) from addresses a
    union all select 'suppression', s.at, to_jsonb(s) from suppression s join addresses a
      on s.tenant_id = tenant and s.channel = a.channel and s.kind = a.kind and s.value = a.value
    union all select 'conversation', opened_at, to_jsonb(t) from talks t
    union all select 'inbound_message', received_at, to_jsonb(h) - 'raw' from heard h
    union all select 'media', m.created_at, to_jsonb(m) - 'locator' - 'location'
      from media m join heard h on h.id = m.inbound_message_id
    union all select 'outbound_message', created_at, to_jsonb(s) - 'dedupe_key' from said s
    union all select 'app_reply', r.sent_at, to_jsonb(r) from app_reply r join talks t on t.id = r.conversation_id
    union all select 'task', k.created_at, to_jsonb(k) from task k join people p on p.id = k.contact_id
    union all select 'draft', d.created_at, to_jsonb(d)
      from draft d join task k on k.id = d.task_id join people p on p.id = k.contact_id
    union all select 'booking', b.created_at, to_jsonb(b) from booking b join people p on p.id = b.contact_id
    union all select 'reminder', r.due_at, to_jsonb(r)
      from reminder r join booking b on b.id = r.booking_id join people p on p.id = b.contact_id
    union all select 'extraction', e.created_at, to_jsonb(e)
      from extraction e join talks t on t.id = e.conversation_id
    union all select 'lead', l.created_at, to_jsonb(l) from lead l join talks t on t.id = l.conversation_id
    union all select 'intake_answer', a.created_at, to_jsonb(a)
      from intake_answer a join talks t on t.id = a.conversation_id
    union all select 'handoff', h.requested_at, to_jsonb(h) from handoff h join talks t on t.id = h.conversation_id
    union all select 'summary', s.created_at, to_jsonb(s) from summary s join people p on p.id = s.contact_id
    union all select 'model_call', m.created_at, to_jsonb(m)
      from model_call m join talks t on t.id = m.conversation_id
    union all select 'webhook_event', w.at, to_jsonb(w) from webhook_event w join people p on p.id = w.contact_id
  )
  select kind, jsonb_agg(row - 'tenant_id' order by made, row ->> 'id') from found group by kind order by kind
$$;


-- function guard_task_move

CREATE FUNCTION public.guard_task_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if not (new.status = any (case old.status
      when 'needs_clarification' then array['pending', 'cancelled', 'expired']
      when 'pending'             then array['due', 'snoozed', 'cancelled', 'needs_clarification', 'done']
      when 'snoozed'             then array['pending', 'cancelled', 'done']
      when 'due'                 then array['executing', 'cancelled', 'snoozed', 'failed']
      when 'executing'           then array['sending', 'failed', 'cancelled']
      when 'sending'             then array['done', 'failed', 'expired']
      when 'failed'              then array['due', 'sending', 'done', 'cancelled']
      else array[]::text[]
    end)) then
    raise exception 'a task cannot move from % to %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $$;


-- function is_known

CREATE FUNCTION public.is_known(status text, pricing text, receipt_at timestamp with time zone, said text, facts jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
  select coalesce(
    receipt_at is not null and said <> 'failed'
    and array_position(array['sent', 'failed', 'delivered', 'read'], said)
        <= array_position(array['sent', 'failed', 'delivered', 'read'], status)
    and facts - 'pricing' = '{}' and (pricing is not null or not facts ? 'pricing'), false)
$$;


-- function keep_balance

CREATE FUNCTION public.keep_balance() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  -- the account's CHECK refuses what is not there
  if new.amount <> 0 then
    update credit_account set balance = balance + new.amount where id = new.account_id and tenant_id = new.tenant_id;
  end if;
  if new.kind = 'reserve' then
    insert into credit_hold (id, tenant_id, conversation_id, turn_seq, created_at)
    values (new.id, new.tenant_id, new.conversation_id, new.turn_seq, new.created_at);
  elsif new.kind <> 'grant' then
    delete from credit_hold where id = new.reserve_id;
    if not found then
      raise exception 'the reserve % has ended already', new.reserve_id using errcode = 'check_violation';
    end if;
  end if;
  return null;
end $$;


-- function known_receipts

CREATE FUNCTION public.known_receipts(accounts uuid[], outbound_ids uuid[], provider_ids text[], statuses text[], facts jsonb[]) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE
    SET enable_seqscan TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
  return query
  select said.n
  from unnest(accounts, outbound_ids, provider_ids, statuses, facts)
       with ordinality as said (account, outbound_id, provider_id, status, facts, n)
  cross join lateral (
      select from outbound_message o
      where o.channel_account_id = said.account and o.provider_message_id = said.provider_id
        and o.id = coalesce(said.outbound_id, o.id)
        and is_known(o.status, o.pricing, o.receipt_at, said.status, said.facts)
      limit 1) o;
end;
$$;


-- function number_webchat

CREATE FUNCTION public.number_webchat() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  line webchat_session;
begin
  if tg_table_name = 'outbound_message'
     and exists (select from webchat_event e where e.outbound_message_id = new.id) then
    return null;
  end if;
  update webchat_session s set last_seq = s.last_seq + 1
  where s.channel_account_id = new.channel_account_id and s.identity_id = new.identity_id
  returning s.* into line;
  if found then
    insert into webchat_event (session_id, seq, tenant_id, inbound_message_id, outbound_message_id)
    values (line.id, line.last_seq, line.tenant_id,
            case when tg_table_name = 'inbound_message' then new.id end,
            case when tg_table_name = 'outbound_message' then new.id end);
    -- heard after the commit, and an invitation to look, no more: the payload says where
    perform pg_notify('webchat', line.id::text);
  end if;
  return null;
end $$;


-- function record_agent

CREATE FUNCTION public.record_agent() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  changed text;
begin
  if tg_op = 'UPDATE' then
    select string_agg(n.key, ', ' order by n.key) into changed
    from jsonb_each(to_jsonb(new)) n join jsonb_each(to_jsonb(old)) o using (key)
    where n.value <> o.value and n.key not in ('updated_at', 'archived_at', 'live', 'changed_by');
  end if;
  insert into event (tenant_id, subject, subject_id, type, from_status, to_status, detail, at)
  values (new.tenant_id, 'agent', new.id,
          'agent.' || case when tg_op = 'INSERT' then 'created' when new.live < old.live then 'archived' else 'changed' end,
          case when tg_op = 'UPDATE' then case when old.live then 'live' else 'archived' end end,
          case when new.live then 'live' else 'archived' end,
          nullif(concat_ws(' ', changed, 'by ' || new.changed_by), ''), new.updated_at);
  return null;
end $$;


-- function record_move

CREATE FUNCTION public.record_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  correlation text;
begin
  if tg_nargs > 0 then
    correlation := new.correlation_id;
  end if;
  insert into event (tenant_id, subject, subject_id, type, from_status, to_status, detail, correlation_id, at)
  values (new.tenant_id, tg_table_name, new.id, tg_table_name || '.' || new.status,
          case when tg_op = 'UPDATE' then old.status end, new.status, new.reason,
          correlation, coalesce(new.moved_at, clock_timestamp()));
  return null;
end $$;


-- function record_parking

CREATE FUNCTION public.record_parking() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  insert into event (tenant_id, subject, subject_id, type, from_status, to_status, detail, at)
  values (new.tenant_id, 'conversation', new.id,
          case when new.parked_at is null then 'conversation.resumed' else 'conversation.parked' end,
          case when new.parked_at is null then 'parked' end, case when new.parked_at is not null then 'parked' end,
          new.parked_reason, coalesce(new.parked_at, clock_timestamp()));
  return null;
end $$;


-- function record_prompt

CREATE FUNCTION public.record_prompt() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  insert into event (tenant_id, subject, subject_id, type, from_status, to_status, detail, at)
  select new.tenant_id, 'agent', g.id, 'agent.changed', 'live', 'live',
         concat_ws(' ', 'prompt version ' || new.number, 'by ' || new.published_by), new.created_at
  from agent g
  where g.prompt_id = new.prompt_id and g.tenant_id = new.tenant_id and g.live;
  return null;
end $$;


-- function record_reschedule

CREATE FUNCTION public.record_reschedule() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  insert into event (tenant_id, subject, subject_id, type, from_status, to_status, detail, correlation_id, at)
  values (new.tenant_id, 'booking', new.id, 'booking.moved', new.status, new.status,
          format('from %s to %s %s', old.wall, new.wall, new.zone), new.correlation_id, new.moved_at);
  return null;
end $$;


-- function refuse_change

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;


-- function refuse_change_of_event

CREATE FUNCTION public.refuse_change_of_event() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if tg_op = 'UPDATE' and new.detail is null and to_jsonb(new) - 'detail' = to_jsonb(old) - 'detail' then
    return new;
  end if;
  raise exception 'event is append-only' using errcode = 'restrict_violation';
end $$;


-- function reserve_credits

CREATE FUNCTION public.reserve_credits(of_tenant uuid, of_conversation uuid, of_turn bigint, wanted bigint, now_at timestamp with time zone) RETURNS TABLE(outcome text, id uuid, amount bigint)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
declare
  account credit_account;
  entry credit_entry;
begin
  select * into account from credit_account where tenant_id = of_tenant for no key update;
  if account.id is null then
    return query select 'unlimited', null::uuid, null::bigint;
    return;
  end if;
  select e.* into entry from credit_hold h join credit_entry e on e.id = h.id
  where h.conversation_id = of_conversation and h.turn_seq = of_turn;
  if entry.id is null and account.balance < wanted then
    return query select 'short', null::uuid, null::bigint;
    return;
  end if;
  if entry.id is null then
    insert into credit_entry (tenant_id, account_id, kind, amount, reserved, conversation_id, turn_seq, created_at)
    values (of_tenant, account.id, 'reserve', -wanted, wanted, of_conversation, of_turn, now_at)
    returning * into entry;
  end if;
  return query select 'reserved', entry.id, entry.reserved;
end $$;


-- function service_window

CREATE FUNCTION public.service_window(channel text) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (channel = ANY (ARRAY['whatsapp'::text, 'instagram'::text])) THEN '24:00:00'::interval ELSE NULL::interval END;


-- function suppression_of

CREATE FUNCTION public.suppression_of(identity uuid) RETURNS text
    LANGUAGE sql STABLE
    AS $$
  with address as (
    select i.id = own.id as own, i.tenant_id, i.channel, i.kind, i.value
    from contact_identity own
    join contact_identity i on i.contact_id = own.contact_id and i.channel = own.channel
    where own.id = identity
  ), said as (
    select a.own, s.source, s.channel, s.scope, s.at, s.lifted_at
    from address a
    join suppression s on s.tenant_id = a.tenant_id and s.channel = a.channel and s.kind = a.kind and s.value = a.value
  )
  select min(s.scope)  -- the widest: "all" comes before "marketing"
  from said s
  where s.lifted_at is null
    and (s.own or s.source in ('word', 'unsubscribe') or (s.source = 'platform' and s.channel <> 'email'))
    and not (s.source = 'platform' and exists (
        select from said later where later.lifted_at >= s.at and later.scope in (s.scope, 'all')))
$$;


-- function take_turn

CREATE FUNCTION public.take_turn(tenant uuid, keys text[], gaps double precision[], bursts integer[], lined boolean[], place timestamp with time zone, now_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    AS $$
declare
  count int;
  free  timestamptz;  -- when all buckets together would let it go
begin
  if cardinality(keys) = 0 then
    return null;
  end if;
  loop  -- locked in one order by everybody; the tick may delete a row between the two statements
    perform from rate_bucket b where b.tenant_id = tenant and b.key = any (keys) order by b.key for update;
    get diagnostics count = row_count;
    exit when count = cardinality(keys);
    insert into rate_bucket (tenant_id, key, tat, line)
    select tenant, k, now_at, now_at from unnest(keys) k order by k
    on conflict do nothing;
  end loop;

  select max(w.own) into free from turn_of(tenant, keys, gaps, bursts, lined, place, now_at) w where w.own > now_at;

  if free is null then
    update rate_bucket b set tat = greatest(b.tat, now_at) + make_interval(secs => k.gap)
    from unnest(keys, gaps) as k (key, gap)
    where b.tenant_id = tenant and b.key = k.key;
    return null;
  end if;

  if place is null then  -- in the line of the bucket it waits for, not of those that have room
    update rate_bucket b set line = free
    from turn_of(tenant, keys, gaps, bursts, lined, place, now_at) w
    where b.tenant_id = tenant and b.key = w.key and w.own = free;
    return free;
  end if;

  -- it stays before those with later places, unless it waits for room of its own
  return greatest(place, (select max(w.own) from turn_of(tenant, keys, gaps, bursts, lined, place, now_at) w
                          where not w.shared and w.own > now_at));
end $$;


-- function uuid_v7

CREATE FUNCTION public.uuid_v7() RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    RETURN (encode(OVERLAY(uuid_send(gen_random_uuid()) PLACING int8send((OVERLAY((((date_part('epoch'::text, clock_timestamp()) * (4096000)::double precision))::bigint)::bit(60) PLACING '0111'::"bit" FROM 49 FOR 0))::bigint) FROM 1 FOR 8), 'hex'::text))::uuid;


-- table handoff

CREATE TABLE public.handoff (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    reason text NOT NULL,
    summary text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    taken_at timestamp with time zone,
    taken_by text,
    ended_at timestamp with time zone,
    redacted_at timestamp with time zone
);


-- comment TABLE handoff

COMMENT ON TABLE public.handoff IS 'One time that a conversation went from the bot to a human, and what the human has to know.';


-- comment COLUMN handoff.taken_by

COMMENT ON COLUMN public.handoff.taken_by IS 'The operator who took over; null: nobody yet.';


-- function told_of_handoff

CREATE FUNCTION public.told_of_handoff(h public.handoff) RETURNS text
    LANGUAGE sql STABLE
    AS $$
  select concat_ws(e'\n\n', (
      select s.text from conversation c join summary s on s.contact_id = c.contact_id
      where c.id = h.conversation_id and s.status = 'success' and s.text is not null and h.redacted_at is null
        and s.range_end between h.requested_at - interval '7 days' and coalesce(h.ended_at, 'infinity')
      order by s.created_at desc, s.id desc limit 1), nullif(h.summary, ''))
$$;


-- function turn_of

CREATE FUNCTION public.turn_of(tenant uuid, keys text[], gaps double precision[], bursts integer[], lined boolean[], place timestamp with time zone, now_at timestamp with time zone) RETURNS TABLE(key text, shared boolean, own timestamp with time zone)
    LANGUAGE sql STABLE
    AS $$
  select k.key, k.lined,
         case when place is null and k.lined and b.line > now_at
              then greatest(r.room, b.line + make_interval(secs => k.gap)) else r.room end
  from unnest(keys, gaps, bursts, lined) as k (key, gap, burst, lined)
  join rate_bucket b on b.tenant_id = tenant and b.key = k.key
  cross join lateral (select b.tat - make_interval(secs => k.gap * (k.burst - 1)) as room) r
$$;


-- table account_notice

CREATE TABLE public.account_notice (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    channel_account_id uuid NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    raw bytea,
    hash bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    redacted_at timestamp with time zone
);


-- comment TABLE account_notice

COMMENT ON TABLE public.account_notice IS 'What a vendor said about an account, once, however often it says so: hash is that of kind and raw.';


-- table activity_minute

CREATE TABLE public.activity_minute (
    tenant_id uuid NOT NULL,
    minute timestamp with time zone NOT NULL,
    channel text NOT NULL,
    received integer DEFAULT 0 NOT NULL,
    made integer DEFAULT 0 NOT NULL,
    sent integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    unknown integer DEFAULT 0 NOT NULL
);


-- comment TABLE activity_minute

COMMENT ON TABLE public.activity_minute IS 'How many messages came and went in a minute; a tick counts it anew for a quarter of an hour, and what became of them for a day.';


-- comment COLUMN activity_minute.made

COMMENT ON COLUMN public.activity_minute.made IS 'Messages posted in this minute; sent, failed and unknown are what became of them.';


-- table agent

CREATE TABLE public.agent (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    channel_account_id uuid NOT NULL,
    name text NOT NULL,
    skills text[] NOT NULL,
    live boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    models jsonb DEFAULT '{}'::jsonb NOT NULL,
    prompt_id uuid,
    quiet_seconds double precision DEFAULT 0 NOT NULL,
    answer_within_seconds integer,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    archived_at timestamp with time zone,
    changed_by text,
    CONSTRAINT agent_answer_within_seconds_check CHECK ((answer_within_seconds > 0)),
    CONSTRAINT agent_check CHECK (((NOT live) OR (archived_at IS NULL))),
    CONSTRAINT agent_models_check CHECK ((jsonb_typeof(models) = 'object'::text)),
    CONSTRAINT agent_quiet_seconds_check CHECK (((quiet_seconds >= (0)::double precision) AND (quiet_seconds <= (8)::double precision))),
    CONSTRAINT agent_settings_check CHECK ((jsonb_typeof(settings) = 'object'::text))
);


-- comment TABLE agent

COMMENT ON TABLE public.agent IS 'How a channel account behaves: its skills, in the order in which they think.';


-- comment COLUMN agent.settings

COMMENT ON COLUMN public.agent.settings IS 'Of each skill, by its name.';


-- comment COLUMN agent.models

COMMENT ON COLUMN public.agent.models IS 'For each purpose (reply, extract, …) the models to ask, the preferred one first.';


-- comment COLUMN agent.quiet_seconds

COMMENT ON COLUMN public.agent.quiet_seconds IS 'How long nobody must have written before it answers; 0: every message is answered as it comes.';


-- comment COLUMN agent.answer_within_seconds

COMMENT ON COLUMN public.agent.answer_within_seconds IS 'Messages written longer ago are kept, not answered; null: never too old.';


-- comment COLUMN agent.changed_by

COMMENT ON COLUMN public.agent.changed_by IS 'who did so last, as timelines say it: key:shop, operator:anna; null: nobody but us';


-- table api_key

CREATE TABLE public.api_key (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    prefix text,
    last_used_at timestamp with time zone,
    expires_at timestamp with time zone
);


-- comment TABLE api_key

COMMENT ON TABLE public.api_key IS 'A key to the HTTP API. Only its SHA-256 is kept: keys are long and random, so no slow hash is needed.';


-- comment COLUMN api_key.prefix

COMMENT ON COLUMN public.api_key.prefix IS 'The first characters of the key, by which people tell theirs apart; null: it came from the environment.';


-- comment COLUMN api_key.last_used_at

COMMENT ON COLUMN public.api_key.last_used_at IS 'To the minute.';


-- comment COLUMN api_key.expires_at

COMMENT ON COLUMN public.api_key.expires_at IS 'From then on it opens nothing; set when a successor was made.';


-- table app_reply

CREATE TABLE public.app_reply (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    channel_account_id uuid NOT NULL,
    conversation_id uuid,
    provider_message_id text NOT NULL,
    text text NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    redacted_at timestamp with time zone
);


-- comment TABLE app_reply

COMMENT ON TABLE public.app_reply IS 'What a human of the business wrote in the vendor''s own app. Without a conversation if nobody we know was written to.';


-- table archive

CREATE TABLE public.archive (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    channel_account_id uuid NOT NULL,
    old_agent_id uuid NOT NULL,
    new_agent_id uuid,
    archived_at timestamp with time zone NOT NULL
);


-- comment TABLE archive

COMMENT ON TABLE public.archive IS 'One time that an account got another agent (or none): the conversations of the old one, closed and kept.';


-- table audit_entry

CREATE TABLE public.audit_entry (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    subject_id uuid,
    detail text,
    created_at timestamp with time zone NOT NULL,
    actor_id uuid,
    correlation_id text
);


-- comment TABLE audit_entry

COMMENT ON TABLE public.audit_entry IS 'What a person or a key did on purpose. What happened to things stands in event.';


-- comment COLUMN audit_entry.actor

COMMENT ON COLUMN public.audit_entry.actor IS 'operator:<login> or key:<name>; kept as a word, for it outlives both.';


-- comment COLUMN audit_entry.action

COMMENT ON COLUMN public.audit_entry.action IS 'An operator''s verb, or the operation of the API.';


-- comment COLUMN audit_entry.actor_id

COMMENT ON COLUMN public.audit_entry.actor_id IS 'The key or the operator; null for the command line.';


-- table booking

CREATE TABLE public.booking (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    policy_id uuid NOT NULL,
    policy_version integer NOT NULL,
    source text NOT NULL,
    external_id text,
    former_ids text[] DEFAULT '{}'::text[] NOT NULL,
    service text NOT NULL,
    provider text,
    location text,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
    zone text NOT NULL,
    wall timestamp without time zone NOT NULL,
    zone_rules text NOT NULL,
    wish timestamp without time zone,
    status text DEFAULT 'booked'::text NOT NULL,
    reason text,
    version integer DEFAULT 1 NOT NULL,
    schedule_version integer DEFAULT 1 NOT NULL,
    planned_from timestamp with time zone NOT NULL,
    source_at timestamp with time zone,
    correlation_id text,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    CONSTRAINT booking_check CHECK ((ends_at > starts_at)),
    CONSTRAINT booking_status_check CHECK ((status = ANY (ARRAY['booked'::text, 'confirmed'::text, 'cancelled'::text])))
);


-- comment TABLE booking

COMMENT ON TABLE public.booking IS 'An appointment. wall and zone are what was agreed; starts_at is the instant that follows from them by zone_rules.';


-- comment COLUMN booking.policy_version

COMMENT ON COLUMN public.booking.policy_version IS 'That of the policy when its reminders were planned.';


-- comment COLUMN booking.external_id

COMMENT ON COLUMN public.booking.external_id IS 'Its name at its source; null: it has none.';


-- comment COLUMN booking.former_ids

COMMENT ON COLUMN public.booking.former_ids IS 'What it was called at its source before it was moved there.';


-- comment COLUMN booking.zone_rules

COMMENT ON COLUMN public.booking.zone_rules IS 'The version of the time zone database that starts_at was computed with.';


-- comment COLUMN booking.wish

COMMENT ON COLUMN public.booking.wish IS 'The wall time its customer asked to move it to, and nobody has answered yet.';


-- comment COLUMN booking.version

COMMENT ON COLUMN public.booking.version IS 'Counts every change (ETag).';


-- comment COLUMN booking.schedule_version

COMMENT ON COLUMN public.booking.schedule_version IS 'Counts its plans of reminders: only those of this version are sent.';


-- comment COLUMN booking.planned_from

COMMENT ON COLUMN public.booking.planned_from IS 'What "every two hours" counts from: when it was booked, or last moved.';


-- comment COLUMN booking.source_at

COMMENT ON COLUMN public.booking.source_at IS 'When its source said what we know last; what comes later but is older is ignored.';


-- table booking_source

CREATE TABLE public.booking_source (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    secret bytea NOT NULL,
    policy_id uuid,
    created_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT booking_source_kind_check CHECK ((kind = 'calcom'::text)),
    CONSTRAINT booking_source_name_check CHECK ((name <> ''::text))
);


-- comment TABLE booking_source

COMMENT ON TABLE public.booking_source IS 'A calendar elsewhere that sends its bookings; its id is in the address of its webhook. secret is encrypted outside the database.';


-- table booking_text

CREATE TABLE public.booking_text (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    language text NOT NULL,
    text text NOT NULL,
    subject text,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT booking_text_kind_check CHECK ((kind = ANY (ARRAY['reminder'::text, 'cancellation'::text]))),
    CONSTRAINT booking_text_text_check CHECK ((text <> ''::text))
);


-- comment TABLE booking_text

COMMENT ON TABLE public.booking_text IS 'What the tenant says instead of our own words, in one language. Its blanks are checked when it is saved.';


-- table channel_account

CREATE TABLE public.channel_account (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    channel text NOT NULL,
    external_id text NOT NULL,
    transport text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    reason text,
    signature text DEFAULT 'required'::text NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    credentials bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    moved_at timestamp with time zone DEFAULT now() NOT NULL,
    resume_at timestamp with time zone,
    name text,
    CONSTRAINT channel_account_signature_check CHECK ((signature = ANY (ARRAY['required'::text, 'off'::text]))),
    CONSTRAINT channel_account_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'reauth_required'::text, 'removed'::text])))
);


-- comment TABLE channel_account

COMMENT ON TABLE public.channel_account IS 'A number, handle, mailbox or widget of a tenant. credentials are encrypted outside the database.';


-- comment COLUMN channel_account.resume_at

COMMENT ON COLUMN public.channel_account.resume_at IS 'When a paused account goes on by itself; null: when somebody resumes it.';


-- comment COLUMN channel_account.name

COMMENT ON COLUMN public.channel_account.name IS 'What people see: a display name.';


-- table console_session

CREATE TABLE public.console_session (
    token_hash bytea NOT NULL,
    tenant_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    csrf text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


-- comment TABLE console_session

COMMENT ON TABLE public.console_session IS 'A browser that is signed in. Only the SHA-256 of its cookie is kept.';


-- table contact

CREATE TABLE public.contact (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    name text,
    zone text,
    tone text,
    default_action text,
    created_at timestamp with time zone NOT NULL,
    language text,
    quiet_from time without time zone,
    quiet_until time without time zone,
    merged_into uuid,
    erased_at timestamp with time zone,
    erase_again_at timestamp with time zone,
    CONSTRAINT contact_default_action_check CHECK ((default_action = ANY (ARRAY['remind'::text, 'remind_and_draft'::text]))),
    CONSTRAINT contact_quiet CHECK (((quiet_from IS NULL) = (quiet_until IS NULL)))
);


-- comment TABLE contact

COMMENT ON TABLE public.contact IS 'A person who writes or is written to. null preferences fall back to the tenant''s.';


-- comment COLUMN contact.language

COMMENT ON COLUMN public.contact.language IS 'Such as en or pt_BR: what is said of bookings and follow-ups, and which translation of a template. null: the tenant''s.';


-- comment COLUMN contact.quiet_from

COMMENT ON COLUMN public.contact.quiet_from IS 'Before the tenant''s. Equal to quiet_until: never quiet.';


-- comment COLUMN contact.merged_into

COMMENT ON COLUMN public.contact.merged_into IS 'This person is known as that contact now; identities and conversations are there.';


-- comment COLUMN contact.erased_at

COMMENT ON COLUMN public.contact.erased_at IS 'Everything they were and said is gone from all rows; the row stays because others point to it.';


-- comment COLUMN contact.erase_again_at

COMMENT ON COLUMN public.contact.erase_again_at IS 'When what was under way at the erasure has ended, and is erased, too.';


-- table contact_identity

CREATE TABLE public.contact_identity (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    channel text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    created_at timestamp with time zone NOT NULL
);


-- comment TABLE contact_identity

COMMENT ON TABLE public.contact_identity IS 'An address of a contact on a channel: phone, bsuid, igsid, email, webchat.';


-- table conversation

CREATE TABLE public.conversation (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    channel_account_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    identity_id uuid NOT NULL,
    status text DEFAULT 'bot'::text NOT NULL,
    last_seq bigint DEFAULT 0 NOT NULL,
    handled_seq bigint DEFAULT 0 NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    last_message_at timestamp with time zone NOT NULL,
    parked_at timestamp with time zone,
    parked_reason text,
    swept integer DEFAULT 0 NOT NULL,
    retry_at timestamp with time zone,
    retries integer DEFAULT 0 NOT NULL,
    window_until timestamp with time zone,
    archive_id uuid,
    closed_at timestamp with time zone,
    reason text,
    moved_at timestamp with time zone,
    quiet_until timestamp with time zone,
    burst_at timestamp with time zone,
    woken_at timestamp with time zone,
    greeted_at timestamp with time zone,
    CONSTRAINT conversation_check CHECK ((handled_seq <= last_seq)),
    CONSTRAINT conversation_status_check CHECK ((status = ANY (ARRAY['bot'::text, 'handoff_requested'::text, 'human'::text, 'closed'::text])))
);


-- comment TABLE conversation

COMMENT ON TABLE public.conversation IS 'One contact on one account, from opening to close. Messages up to handled_seq are handled; last_seq is the newest.';


-- comment COLUMN conversation.parked_at

COMMENT ON COLUMN public.conversation.parked_at IS 'Handling failed for good; waits for an operator or for the next message.';


-- comment COLUMN conversation.swept

COMMENT ON COLUMN public.conversation.swept IS 'How often the sweep had to wake it since it last moved on.';


-- comment COLUMN conversation.retry_at

COMMENT ON COLUMN public.conversation.retry_at IS 'Handling failed for now (a model is away); the tick tries again then, the next message at once.';


-- comment COLUMN conversation.window_until

COMMENT ON COLUMN public.conversation.window_until IS 'Until when free text may be sent; null where the channel knows no window, or nobody has written yet.';


-- comment COLUMN conversation.reason

COMMENT ON COLUMN public.conversation.reason IS 'Why it has its status.';


-- comment COLUMN conversation.moved_at

COMMENT ON COLUMN public.conversation.moved_at IS 'When its status last changed; null: never.';


-- comment COLUMN conversation.quiet_until

COMMENT ON COLUMN public.conversation.quiet_until IS 'Until when it waits for another fragment; every message moves it on. null: nothing is waited for.';


-- comment COLUMN conversation.burst_at

COMMENT ON COLUMN public.conversation.burst_at IS 'When the first fragment came: nobody is waited for much longer than that.';


-- comment COLUMN conversation.woken_at

COMMENT ON COLUMN public.conversation.woken_at IS 'When a job was queued after the quiet spell; null: none is under way.';


-- table credit_account

CREATE TABLE public.credit_account (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    balance bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT credit_account_balance_check CHECK ((balance >= 0))
);


-- comment TABLE credit_account

COMMENT ON TABLE public.credit_account IS 'What a tenant may still spend on answers. A tenant without one spends without limit.';


-- comment COLUMN credit_account.balance

COMMENT ON COLUMN public.credit_account.balance IS 'The sum of its entries; the trigger keep_balance makes it so, and nothing else writes it.';


-- table credit_entry

CREATE TABLE public.credit_entry (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    "position" bigint NOT NULL,
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL,
    amount bigint NOT NULL,
    reserved bigint,
    reserve_id uuid,
    conversation_id uuid,
    turn_seq bigint,
    key text,
    note text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT credit_entry_check CHECK (
CASE kind
    WHEN 'grant'::text THEN ((amount > 0) AND (key IS NOT NULL))
    WHEN 'reserve'::text THEN ((amount < 0) AND (reserved = (- amount)) AND (conversation_id IS NOT NULL) AND (turn_seq IS NOT NULL))
    WHEN 'settle'::text THEN (((amount >= 0) AND (amount <= reserved)) AND (reserve_id IS NOT NULL))
    WHEN 'release'::text THEN ((amount = reserved) AND (reserve_id IS NOT NULL))
    ELSE NULL::boolean
END),
    CONSTRAINT credit_entry_kind_check CHECK ((kind = ANY (ARRAY['grant'::text, 'reserve'::text, 'settle'::text, 'release'::text])))
);


-- comment TABLE credit_entry

COMMENT ON TABLE public.credit_entry IS 'One line of the ledger, never changed. amount is what the balance changes by.';


-- comment COLUMN credit_entry."position"

COMMENT ON COLUMN public.credit_entry."position" IS 'Order within the ledger.';


-- comment COLUMN credit_entry.reserved

COMMENT ON COLUMN public.credit_entry.reserved IS 'How much the reserve took: of itself, or of the one that this entry ends.';


-- comment COLUMN credit_entry.turn_seq

COMMENT ON COLUMN public.credit_entry.turn_seq IS 'Where the conversation''s cursor stood; with the conversation it names one turn.';


-- sequence credit_entry_position_seq

ALTER TABLE public.credit_entry ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.credit_entry_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


-- table credit_hold

CREATE TABLE public.credit_hold (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    turn_seq bigint NOT NULL,
    created_at timestamp with time zone NOT NULL
);


-- comment TABLE credit_hold

COMMENT ON TABLE public.credit_hold IS 'A reserve that has no end yet; id is its entry''s. One a turn, however many workers think about it.';


-- table delivery_attempt

CREATE TABLE public.delivery_attempt (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    outbound_message_id uuid NOT NULL,
    n integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    outcome text,
    error_code text,
    error text,
    response text,
    CONSTRAINT delivery_attempt_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'not_accepted'::text, 'refused'::text, 'unknown'::text, 'account_stopped'::text])))
);


-- comment TABLE delivery_attempt

COMMENT ON TABLE public.delivery_attempt IS 'One provider call, committed before the call. Without an outcome, nobody knows whether it was made.';


-- table draft

CREATE TABLE public.draft (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    task_id uuid NOT NULL,
    n integer NOT NULL,
    status text NOT NULL,
    reason text,
    author text NOT NULL,
    text text NOT NULL,
    tone text NOT NULL,
    length text NOT NULL,
    language text,
    outbound_message_id uuid,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    redacted_at timestamp with time zone,
    wish text,
    asked_by uuid,
    CONSTRAINT draft_author_check CHECK ((author = ANY (ARRAY['model'::text, 'person'::text]))),
    CONSTRAINT draft_length_check CHECK ((length = ANY (ARRAY['short'::text, 'medium'::text, 'long'::text]))),
    CONSTRAINT draft_status_check CHECK ((status = ANY (ARRAY['writing'::text, 'proposed'::text, 'approved'::text, 'sent'::text, 'replaced'::text, 'failed'::text, 'declined'::text])))
);


-- comment TABLE draft

COMMENT ON TABLE public.draft IS 'A version of the text that a follow-up needs. Of each follow-up one is live: being written, proposed or approved.';


-- comment COLUMN draft.outbound_message_id

COMMENT ON COLUMN public.draft.outbound_message_id IS 'What carried the text by itself, once it was approved or the policy sends it.';


-- comment COLUMN draft.wish

COMMENT ON COLUMN public.draft.wish IS 'What its person asked to be different from the version before, in their words: they are shown what came of it.';


-- comment COLUMN draft.asked_by

COMMENT ON COLUMN public.draft.asked_by IS 'The message in which its person was last asked about it.';


-- table event

CREATE TABLE public.event (
    id bigint NOT NULL,
    tenant_id uuid NOT NULL,
    subject text NOT NULL,
    subject_id uuid NOT NULL,
    type text NOT NULL,
    from_status text,
    to_status text,
    detail text,
    correlation_id text,
    at timestamp with time zone NOT NULL
);


-- comment TABLE event

COMMENT ON TABLE public.event IS 'One move of one thing. Append-only; written by the trigger record_move, so that no move goes unrecorded.';


-- sequence event_id_seq

ALTER TABLE public.event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


-- table extraction

CREATE TABLE public.extraction (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    upto_seq bigint NOT NULL,
    model text NOT NULL,
    prompt_version text NOT NULL,
    reading jsonb,
    input_tokens integer NOT NULL,
    output_tokens integer NOT NULL,
    request_id text,
    created_at timestamp with time zone NOT NULL,
    redacted_at timestamp with time zone,
    purpose text DEFAULT 'extract'::text NOT NULL,
    CONSTRAINT extraction_purpose_check CHECK ((purpose = ANY (ARRAY['extract'::text, 'score'::text])))
);


-- comment TABLE extraction

COMMENT ON TABLE public.extraction IS 'One model reading of the messages of a turn.';


-- comment COLUMN extraction.purpose

COMMENT ON COLUMN public.extraction.purpose IS 'What the model was asked: extract (follow-ups of a turn), score (the conversation as a lead).';


-- table idempotent_request

CREATE TABLE public.idempotent_request (
    tenant_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body bytea,
    created_at timestamp with time zone NOT NULL,
    subject_ids uuid[] NOT NULL,
    CONSTRAINT idempotent_request_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255))),
    CONSTRAINT idempotent_request_status_check CHECK (((status >= 200) AND (status <= 399)))
);


-- comment TABLE idempotent_request

COMMENT ON TABLE public.idempotent_request IS 'The answer to a request that came with an Idempotency-Key, kept for a day, in the transaction of what the request did.';


-- comment COLUMN idempotent_request.fingerprint

COMMENT ON COLUMN public.idempotent_request.fingerprint IS 'SHA-256 of method, path, query and body: another request under the same key is refused.';


-- comment COLUMN idempotent_request.body

COMMENT ON COLUMN public.idempotent_request.body IS 'Encrypted outside the database: an answer may hold what is shown only once. Null: erased with whom it was about.';


-- comment COLUMN idempotent_request.subject_ids

COMMENT ON COLUMN public.idempotent_request.subject_ids IS 'What the request and its answer name: things, and whose they are.';


-- table inbound_message

CREATE TABLE public.inbound_message (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    channel_account_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    identity_id uuid NOT NULL,
    seq bigint NOT NULL,
    provider_message_id text NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    subject text,
    quotes text,
    automated text,
    sent_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    raw bytea,
    correlation_id text,
    redacted_at timestamp with time zone,
    whole text,
    thread text[],
    choice text,
    token text,
    context text,
    group_id text
);


-- comment TABLE inbound_message

COMMENT ON TABLE public.inbound_message IS 'One message that came in, kept as it came (raw) and as it reads (text).';


-- comment COLUMN inbound_message.whole

COMMENT ON COLUMN public.inbound_message.whole IS 'Email: the text with the quoted thread, where text is only the newest reply.';


-- comment COLUMN inbound_message.thread

COMMENT ON COLUMN public.inbound_message.thread IS 'Email: Message-IDs of the thread, oldest first.';


-- comment COLUMN inbound_message.choice

COMMENT ON COLUMN public.inbound_message.choice IS 'The id or payload of what was pressed.';


-- comment COLUMN inbound_message.token

COMMENT ON COLUMN public.inbound_message.token IS 'Email: what stood after the "+" of our address.';


-- comment COLUMN inbound_message.context

COMMENT ON COLUMN public.inbound_message.context IS 'What the text came with, readable: "forwarded", "from the ad …", "reply to your story".';


-- comment COLUMN inbound_message.group_id

COMMENT ON COLUMN public.inbound_message.group_id IS 'The vendor''s id of the group it was written in.';


-- table intake

CREATE TABLE public.intake (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    asked text,
    times integer DEFAULT 0 NOT NULL,
    completed_at timestamp with time zone,
    moved_at timestamp with time zone NOT NULL
);


-- comment TABLE intake

COMMENT ON TABLE public.intake IS 'Where a conversation stands in its agent''s questions: the one asked last, and how often in a row.';


-- table intake_answer

CREATE TABLE public.intake_answer (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    inbound_message_id uuid NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    redacted_at timestamp with time zone
);


-- comment TABLE intake_answer

COMMENT ON TABLE public.intake_answer IS 'What a person answered to one question, as it was read.';


-- table lead

CREATE TABLE public.lead (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    due_at timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    read_seq bigint DEFAULT 0 NOT NULL,
    extraction_id uuid,
    name text,
    email text,
    company text,
    intent text,
    urgency smallint,
    budget smallint,
    fit smallint,
    engagement smallint,
    demo_at timestamp with time zone,
    demo_zone text,
    notice text,
    reason text,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    redacted_at timestamp with time zone,
    CONSTRAINT lead_budget_check CHECK (((budget >= 1) AND (budget <= 3))),
    CONSTRAINT lead_check CHECK (((demo_at IS NULL) = (demo_zone IS NULL))),
    CONSTRAINT lead_engagement_check CHECK (((engagement >= 1) AND (engagement <= 3))),
    CONSTRAINT lead_fit_check CHECK (((fit >= 1) AND (fit <= 3))),
    CONSTRAINT lead_urgency_check CHECK (((urgency >= 1) AND (urgency <= 3)))
);


-- comment TABLE lead

COMMENT ON TABLE public.lead IS 'A conversation as a lead: the newest value that a reading found for each field, and when it is read next.';


-- comment COLUMN lead.due_at

COMMENT ON COLUMN public.lead.due_at IS 'When the conversation is to be read, or (while it is being read) read again should nobody finish; null: nothing is new.';


-- comment COLUMN lead.tries

COMMENT ON COLUMN public.lead.tries IS 'Readings in a row that came to nothing.';


-- comment COLUMN lead.read_seq

COMMENT ON COLUMN public.lead.read_seq IS 'The newest message that was read; 0: there was no reading yet.';


-- comment COLUMN lead.extraction_id

COMMENT ON COLUMN public.lead.extraction_id IS 'The newest reading.';


-- comment COLUMN lead.reason

COMMENT ON COLUMN public.lead.reason IS 'Why the last reading came to nothing.';


-- table login_try

CREATE TABLE public.login_try (
    login_hash bytea NOT NULL,
    failures integer NOT NULL,
    locked_until timestamp with time zone,
    tried_at timestamp with time zone NOT NULL
);


-- comment TABLE login_try

COMMENT ON TABLE public.login_try IS 'Wrong passwords for a login since the last right one, whether or not anybody has that login. Only its SHA-256: people type passwords there.';


-- comment COLUMN login_try.failures

COMMENT ON COLUMN public.login_try.failures IS 'Every fifth locks the login for a while.';


-- table media

CREATE TABLE public.media (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    inbound_message_id uuid NOT NULL,
    n integer NOT NULL,
    kind text NOT NULL,
    locator text NOT NULL,
    mime_type text,
    filename text,
    size bigint,
    sha256 text,
    status text DEFAULT 'pending'::text NOT NULL,
    reason text,
    location text,
    tries integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    wake_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    CONSTRAINT media_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'stored'::text, 'refused'::text, 'failed'::text, 'expiring'::text, 'gone'::text])))
);


-- comment TABLE media

COMMENT ON TABLE public.media IS 'The n-th file that came with a message. Its bytes are in the file store, at location.';


-- comment COLUMN media.locator

COMMENT ON COLUMN public.media.locator IS 'Where the vendor has it; only its channel understands this.';


-- comment COLUMN media.size

COMMENT ON COLUMN public.media.size IS 'Bytes: as the vendor said, and as counted once it is stored; so with sha256, in hexadecimal.';


-- comment COLUMN media.location

COMMENT ON COLUMN public.media.location IS 'Name in the file store, on record before the file is: no file is ever without a row.';


-- comment COLUMN media.due_at

COMMENT ON COLUMN public.media.due_at IS 'Not to be fetched before: after a setback the wait, while it is fetched the lease.';


-- comment COLUMN media.wake_at

COMMENT ON COLUMN public.media.wake_at IS 'When the tick queues a job for it, should none have come.';


-- table message_template

CREATE TABLE public.message_template (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    channel_account_id uuid NOT NULL,
    name text NOT NULL,
    language text NOT NULL,
    category text DEFAULT 'utility'::text NOT NULL,
    status text DEFAULT 'approved'::text NOT NULL,
    kind text,
    parameters text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    CONSTRAINT message_template_status_check CHECK ((status = ANY (ARRAY['approved'::text, 'pending'::text, 'rejected'::text, 'paused'::text, 'disabled'::text, 'removed'::text])))
);


-- comment TABLE message_template

COMMENT ON TABLE public.message_template IS 'A text the provider has approved, and the kind of message it stands for outside the service window.';


-- comment COLUMN message_template.kind

COMMENT ON COLUMN public.message_template.kind IS 'Which messages it stands for; null: none yet, it was found at the provider.';


-- comment COLUMN message_template.parameters

COMMENT ON COLUMN public.message_template.parameters IS 'What fills {{1}}, {{2}}, … of its body: text, subject, contact_name, tenant_name or a fact of the message, each with an optional "|default".';


-- table migration

CREATE TABLE public.migration (
    name text NOT NULL,
    sha256 text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);


-- table model_breaker

CREATE TABLE public.model_breaker (
    provider text NOT NULL,
    failures integer NOT NULL,
    rests_till timestamp with time zone,
    moved_at timestamp with time zone NOT NULL,
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    told_tenant_id uuid
);


-- comment TABLE model_breaker

COMMENT ON TABLE public.model_breaker IS 'How often in a row a provider gave no answer, and until when nobody asks it.';


-- comment COLUMN model_breaker.told_tenant_id

COMMENT ON COLUMN public.model_breaker.told_tenant_id IS 'Whose operators know that it rests, until it answers again.';


-- table model_budget

CREATE TABLE public.model_budget (
    tenant_id uuid NOT NULL,
    monthly_micro_usd bigint NOT NULL,
    at_limit text DEFAULT 'local'::text NOT NULL,
    CONSTRAINT model_budget_at_limit_check CHECK ((at_limit = ANY (ARRAY['local'::text, 'none'::text]))),
    CONSTRAINT model_budget_monthly_micro_usd_check CHECK ((monthly_micro_usd >= 0))
);


-- comment TABLE model_budget

COMMENT ON TABLE public.model_budget IS 'What a tenant may spend on models in a month (UTC), and who answers afterwards: the local model, or nobody.';


-- table model_call

CREATE TABLE public.model_call (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    conversation_id uuid,
    provider text NOT NULL,
    model text,
    purpose text NOT NULL,
    prompt_version text NOT NULL,
    prompt_hash text NOT NULL,
    outcome text NOT NULL,
    error text,
    request_id text,
    input_tokens integer NOT NULL,
    cached_tokens integer NOT NULL,
    output_tokens integer NOT NULL,
    cost_micro_usd bigint NOT NULL,
    latency_ms integer NOT NULL,
    prompt jsonb,
    answer jsonb,
    created_at timestamp with time zone NOT NULL,
    redacted_at timestamp with time zone,
    CONSTRAINT model_call_outcome_check CHECK ((outcome = ANY (ARRAY['answered'::text, 'unavailable'::text, 'refused'::text]))),
    CONSTRAINT model_call_purpose_check CHECK ((purpose = ANY (ARRAY['extract'::text, 'draft'::text, 'reply'::text, 'score'::text, 'summarise'::text])))
);


-- comment TABLE model_call

COMMENT ON TABLE public.model_call IS 'One question to one model. prompt and answer are kept only where MODEL_LOG_DAYS says so, and without personal data.';


-- comment COLUMN model_call.provider

COMMENT ON COLUMN public.model_call.provider IS 'The name in MODELS; model is what the provider calls the one that answered.';


-- comment COLUMN model_call.input_tokens

COMMENT ON COLUMN public.model_call.input_tokens IS 'Every token that was read, cached_tokens among them.';


-- comment COLUMN model_call.cost_micro_usd

COMMENT ON COLUMN public.model_call.cost_micro_usd IS 'Millionths of a US dollar, by the price list of the day.';


-- table model_minute

CREATE TABLE public.model_minute (
    tenant_id uuid NOT NULL,
    minute timestamp with time zone NOT NULL,
    provider text NOT NULL,
    asked integer NOT NULL,
    unanswered integer NOT NULL,
    cost_micro_usd bigint NOT NULL,
    latency_ms bigint NOT NULL,
    slowest_ms integer NOT NULL
);


-- comment TABLE model_minute

COMMENT ON TABLE public.model_minute IS 'What models were asked in a minute. latency_ms is the sum over all questions.';


-- table model_spend

CREATE TABLE public.model_spend (
    tenant_id uuid NOT NULL,
    month date NOT NULL,
    micro_usd bigint NOT NULL,
    told_at timestamp with time zone
);


-- comment TABLE model_spend

COMMENT ON TABLE public.model_spend IS 'What a tenant spent on models in a month. told_at: operators know that the budget is used up.';


-- table model_thread

CREATE TABLE public.model_thread (
    conversation_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    provider text NOT NULL,
    external_id text NOT NULL,
    known text NOT NULL,
    created_at timestamp with time zone NOT NULL
);


-- comment TABLE model_thread

COMMENT ON TABLE public.model_thread IS 'A conversation as a provider remembers it: a cache, made anew when it is gone or differs from ours.';


-- comment COLUMN model_thread.known

COMMENT ON COLUMN public.model_thread.known IS 'Hash of the last answer that the provider knows of.';


-- table notification

CREATE TABLE public.notification (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    subject text NOT NULL,
    subject_id uuid NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    snoozed_until timestamp with time zone,
    acknowledged_at timestamp with time zone
);


-- comment TABLE notification

COMMENT ON TABLE public.notification IS 'Something a human should look at. One open notification per subject and kind.';


-- table operation

CREATE TABLE public.operation (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    filter jsonb NOT NULL,
    status text DEFAULT 'running'::text NOT NULL,
    total integer NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    place text,
    asked_by text NOT NULL,
    reason text,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    CONSTRAINT operation_kind_check CHECK ((kind ~ '^[a-z_]+\.[a-z_]+$'::text)),
    CONSTRAINT operation_status_check CHECK ((status = ANY (ARRAY['running'::text, 'done'::text, 'cancelled'::text, 'failed'::text])))
);


-- comment TABLE operation

COMMENT ON TABLE public.operation IS 'Something done to all that matches a filter: a job does it in batches, each with its mark in one transaction.';


-- comment COLUMN operation.total

COMMENT ON COLUMN public.operation.total IS 'How many there were when it was asked for.';


-- comment COLUMN operation.place

COMMENT ON COLUMN public.operation.place IS 'Where the next batch begins; null: at the beginning.';


-- comment COLUMN operation.asked_by

COMMENT ON COLUMN public.operation.asked_by IS 'key:<name> or operator:<login>.';


-- table operator

CREATE TABLE public.operator (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    platform boolean DEFAULT false NOT NULL,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT operator_login_check CHECK ((login = lower(login))),
    CONSTRAINT operator_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text])))
);


-- comment TABLE operator

COMMENT ON TABLE public.operator IS 'A person who works in the console of one tenant. password_hash is Argon2id.';


-- comment COLUMN operator.platform

COMMENT ON COLUMN public.operator.platform IS 'Whether they also see the machine: queues, jobs and questions, which belong to no tenant.';


-- table outbound_message

CREATE TABLE public.outbound_message (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    "position" bigint NOT NULL,
    tenant_id uuid NOT NULL,
    channel_account_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    identity_id uuid NOT NULL,
    kind text NOT NULL,
    dedupe_key text NOT NULL,
    payload jsonb NOT NULL,
    status text DEFAULT 'queued'::text NOT NULL,
    reason text,
    due_at timestamp with time zone NOT NULL,
    wake_at timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    provider_message_id text,
    receipt_at timestamp with time zone,
    escalated_at timestamp with time zone,
    correlation_id text,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    redacted_at timestamp with time zone,
    extra jsonb,
    fallback_of uuid,
    place_at timestamp with time zone,
    expires_at timestamp with time zone,
    pricing text,
    played_at timestamp with time zone,
    deleted_at timestamp with time zone,
    warned_at timestamp with time zone,
    send_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    about uuid,
    withdrawn_at timestamp with time zone,
    CONSTRAINT outbound_message_kind_check CHECK ((kind ~ '^[a-z_]+$'::text)),
    CONSTRAINT outbound_message_status_check CHECK ((status = ANY (ARRAY['scheduled'::text, 'queued'::text, 'held'::text, 'blocked'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'read'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text, 'expired'::text])))
);


-- comment TABLE outbound_message

COMMENT ON TABLE public.outbound_message IS 'One message out; payload is frozen when it is posted. dedupe_key makes one effect.';


-- comment COLUMN outbound_message."position"

COMMENT ON COLUMN public.outbound_message."position" IS 'Order within a conversation.';


-- comment COLUMN outbound_message.due_at

COMMENT ON COLUMN public.outbound_message.due_at IS 'Not to be tried before; moves on with every retry.';


-- comment COLUMN outbound_message.wake_at

COMMENT ON COLUMN public.outbound_message.wake_at IS 'When the tick shall queue a job for it; null: a job was queued already.';


-- comment COLUMN outbound_message.tries

COMMENT ON COLUMN public.outbound_message.tries IS 'Attempts since it was posted or retried by hand.';


-- comment COLUMN outbound_message.escalated_at

COMMENT ON COLUMN public.outbound_message.escalated_at IS 'An unknown outcome was handed to an operator.';


-- comment COLUMN outbound_message.extra

COMMENT ON COLUMN public.outbound_message.extra IS 'The template chosen when it was first sent; every later attempt sends the same.';


-- comment COLUMN outbound_message.fallback_of

COMMENT ON COLUMN public.outbound_message.fallback_of IS 'The blocked message that this one says on another channel.';


-- comment COLUMN outbound_message.place_at

COMMENT ON COLUMN public.outbound_message.place_at IS 'Its place in the line of those that are paced; kept until it is sent.';


-- comment COLUMN outbound_message.expires_at

COMMENT ON COLUMN public.outbound_message.expires_at IS 'Not to be sent any more from then on; null: never too late.';


-- comment COLUMN outbound_message.pricing

COMMENT ON COLUMN public.outbound_message.pricing IS 'What the vendor says about its price, in its own words.';


-- comment COLUMN outbound_message.deleted_at

COMMENT ON COLUMN public.outbound_message.deleted_at IS 'The vendor says it was deleted; so with played_at and warned_at, the earliest it said.';


-- comment COLUMN outbound_message.send_at

COMMENT ON COLUMN public.outbound_message.send_at IS 'Not to be said before, as whoever posted it wished; null: at once.';


-- comment COLUMN outbound_message.version

COMMENT ON COLUMN public.outbound_message.version IS 'Counts edits: who read it before one must not send what it read.';


-- comment COLUMN outbound_message.about

COMMENT ON COLUMN public.outbound_message.about IS 'What it speaks of, such as a booking: what is not sent yet is withdrawn when that changes.';


-- comment COLUMN outbound_message.withdrawn_at

COMMENT ON COLUMN public.outbound_message.withdrawn_at IS 'It must not be sent any more, whatever becomes of an attempt that is under way.';


-- sequence outbound_message_position_seq

ALTER TABLE public.outbound_message ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbound_message_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


-- table prompt

CREATE TABLE public.prompt (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    external_id text,
    created_at timestamp with time zone NOT NULL
);


-- comment TABLE prompt

COMMENT ON TABLE public.prompt IS 'The instructions of agents, by name; their texts are its versions.';


-- comment COLUMN prompt.external_id

COMMENT ON COLUMN public.prompt.external_id IS 'What the tenant or its model provider calls it, such as pmpt_…; null: only we know it.';


-- table prompt_version

CREATE TABLE public.prompt_version (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    prompt_id uuid NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    published_by text,
    CONSTRAINT prompt_version_number_check CHECK ((number > 0)),
    CONSTRAINT prompt_version_text_check CHECK ((text <> ''::text))
);


-- comment TABLE prompt_version

COMMENT ON TABLE public.prompt_version IS 'One text of a prompt, never changed: answers name the version they were given under. The newest is used.';


-- comment COLUMN prompt_version.published_by

COMMENT ON COLUMN public.prompt_version.published_by IS 'As timelines say it: key:shop, operator:anna; null: nobody but us';


-- table pseudonym

CREATE TABLE public.pseudonym (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    kind text NOT NULL,
    n integer NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);


-- comment TABLE pseudonym

COMMENT ON TABLE public.pseudonym IS 'What <KIND_N> stands for in the prompts about a conversation. sealed is encrypted outside the database.';


-- table queue_pause

CREATE TABLE public.queue_pause (
    queue text NOT NULL,
    paused_by text NOT NULL,
    paused_at timestamp with time zone NOT NULL
);


-- comment TABLE queue_pause

COMMENT ON TABLE public.queue_pause IS 'A queue whose jobs wait. Every worker looks here each second; a job that runs is not stopped.';


-- comment COLUMN queue_pause.paused_by

COMMENT ON COLUMN public.queue_pause.paused_by IS 'key:<name> or operator:<login>.';


-- table rate_bucket

CREATE TABLE public.rate_bucket (
    tenant_id uuid NOT NULL,
    key text NOT NULL,
    tat timestamp with time zone NOT NULL,
    line timestamp with time zone NOT NULL
)
WITH (fillfactor='50');


-- comment TABLE rate_bucket

COMMENT ON TABLE public.rate_bucket IS 'A GCRA bucket. Absent is the same as full: old ones are deleted.';


-- comment COLUMN rate_bucket.tat

COMMENT ON COLUMN public.rate_bucket.tat IS 'The theoretical arrival time: when everything taken so far is paid for.';


-- comment COLUMN rate_bucket.line

COMMENT ON COLUMN public.rate_bucket.line IS 'The last place given to a message that has to wait; newcomers come after it.';


-- table reminder

CREATE TABLE public.reminder (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    schedule_version integer NOT NULL,
    n integer NOT NULL,
    due_at timestamp with time zone NOT NULL,
    status text DEFAULT 'planned'::text NOT NULL,
    reason text,
    outbound_message_id uuid,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    CONSTRAINT reminder_n_check CHECK ((n > 0)),
    CONSTRAINT reminder_status_check CHECK ((status = ANY (ARRAY['planned'::text, 'due'::text, 'sending'::text, 'sent'::text, 'skipped'::text, 'failed'::text, 'cancelled'::text])))
);


-- comment TABLE reminder

COMMENT ON TABLE public.reminder IS 'One planned message about a booking. Those of an older schedule_version are never sent.';


-- table reminder_policy

CREATE TABLE public.reminder_policy (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    usual boolean DEFAULT false NOT NULL,
    every interval,
    before interval[] DEFAULT '{}'::interval[] NOT NULL,
    most integer,
    quiet_from time without time zone,
    quiet_until time without time zone,
    late interval,
    channels text[] DEFAULT '{whatsapp,email}'::text[] NOT NULL,
    moves text DEFAULT 'ask'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT reminder_policy_channels_check CHECK ((channels <> '{}'::text[])),
    CONSTRAINT reminder_policy_check CHECK (((quiet_from IS NULL) = (quiet_until IS NULL))),
    CONSTRAINT reminder_policy_every_check CHECK ((every >= '00:01:00'::interval)),
    CONSTRAINT reminder_policy_late_check CHECK ((late > '00:00:00'::interval)),
    CONSTRAINT reminder_policy_most_check CHECK ((most > 0)),
    CONSTRAINT reminder_policy_moves_check CHECK ((moves = ANY (ARRAY['ask'::text, 'direct'::text]))),
    CONSTRAINT reminder_policy_name_check CHECK ((name <> ''::text))
);


-- comment TABLE reminder_policy

COMMENT ON TABLE public.reminder_policy IS 'When a booking is reminded of, and how its customer is reached.';


-- comment COLUMN reminder_policy.usual

COMMENT ON COLUMN public.reminder_policy.usual IS 'Holds for bookings that name none.';


-- comment COLUMN reminder_policy.every

COMMENT ON COLUMN public.reminder_policy.every IS 'From the booking on, strictly before its start.';


-- comment COLUMN reminder_policy.before

COMMENT ON COLUMN public.reminder_policy.before IS 'How long before the start.';


-- comment COLUMN reminder_policy.most

COMMENT ON COLUMN public.reminder_policy.most IS 'At most so many reminders of one booking, the ones nearest to its start; null: no limit.';


-- comment COLUMN reminder_policy.quiet_from

COMMENT ON COLUMN public.reminder_policy.quiet_from IS 'On the clock of the place: from then until quiet_until nothing is planned.';


-- comment COLUMN reminder_policy.late

COMMENT ON COLUMN public.reminder_policy.late IS 'After an outage a reminder is still sent when it is late by at most this; null: until the start.';


-- comment COLUMN reminder_policy.channels

COMMENT ON COLUMN public.reminder_policy.channels IS 'In order of preference.';


-- comment COLUMN reminder_policy.moves

COMMENT ON COLUMN public.reminder_policy.moves IS 'What a customer''s wish for another time does: ask an operator, or move the booking.';


-- comment COLUMN reminder_policy.version

COMMENT ON COLUMN public.reminder_policy.version IS 'Counts what changes plans.';


-- table reply

CREATE TABLE public.reply (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    upto_seq bigint NOT NULL,
    outbound_message_id uuid,
    contextual boolean NOT NULL,
    fallback text,
    model text,
    prompt_version text NOT NULL,
    prompt_id uuid,
    prompt_number integer,
    input_tokens integer NOT NULL,
    output_tokens integer NOT NULL,
    request_id text,
    created_at timestamp with time zone NOT NULL
);


-- comment TABLE reply

COMMENT ON TABLE public.reply IS 'How one answer of the bot came about.';


-- comment COLUMN reply.contextual

COMMENT ON COLUMN public.reply.contextual IS 'It quotes the message it answers.';


-- comment COLUMN reply.fallback

COMMENT ON COLUMN public.reply.fallback IS 'Why the model''s words were not used; null: they were.';


-- comment COLUMN reply.prompt_number

COMMENT ON COLUMN public.reply.prompt_number IS 'The version of the tenant''s prompt; null: the default one.';


-- table retention_policy

CREATE TABLE public.retention_policy (
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    days integer NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT retention_policy_days_check CHECK (((days >= 1) AND (days <= 3650)))
);


-- comment TABLE retention_policy

COMMENT ON TABLE public.retention_policy IS 'For how many days a tenant keeps a kind of body; no row: as the settings of the machine say.';


-- table retention_run

CREATE TABLE public.retention_run (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    asked_by text,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);


-- comment TABLE retention_run

COMMENT ON TABLE public.retention_run IS 'One round of retention over one tenant: one that took something, or that somebody asked for.';


-- comment COLUMN retention_run.asked_by

COMMENT ON COLUMN public.retention_run.asked_by IS 'operator:<login> or key:<name>; null: it came by itself.';


-- comment COLUMN retention_run.counts

COMMENT ON COLUMN public.retention_run.counts IS 'Rows by kind, counted in the transactions that redacted them.';


-- comment COLUMN retention_run.ended_at

COMMENT ON COLUMN public.retention_run.ended_at IS 'Null while it runs, and for good where its process died.';


-- table summary

CREATE TABLE public.summary (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    status text NOT NULL,
    reason text,
    due_at timestamp with time zone NOT NULL,
    range_start timestamp with time zone,
    range_end timestamp with time zone,
    text text,
    model text,
    prompt_version text,
    input_count integer,
    input_hash text,
    input_tokens integer,
    output_tokens integer,
    request_id text,
    correlation_id text,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    redacted_at timestamp with time zone,
    CONSTRAINT summary_check CHECK (((status = ANY (ARRAY['waiting'::text, 'running'::text, 'failed'::text])) OR ((input_hash IS NOT NULL) AND (range_end IS NOT NULL)))),
    CONSTRAINT summary_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'success'::text, 'skipped'::text, 'failed'::text])))
);


-- comment TABLE summary

COMMENT ON TABLE public.summary IS 'One recap of what was said with a contact in seven days: waiting → running → success, skipped (nothing new) or failed.';


-- comment COLUMN summary.reason

COMMENT ON COLUMN public.summary.reason IS 'Why it was skipped or failed.';


-- comment COLUMN summary.input_hash

COMMENT ON COLUMN public.summary.input_hash IS 'SHA-256 of the ids and texts that were read; the same input is not read twice.';


-- table suppression

CREATE TABLE public.suppression (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    channel text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    scope text DEFAULT 'all'::text NOT NULL,
    reason text NOT NULL,
    source text NOT NULL,
    at timestamp with time zone NOT NULL,
    lifted_at timestamp with time zone,
    CONSTRAINT suppression_scope_check CHECK ((scope = ANY (ARRAY['all'::text, 'marketing'::text]))),
    CONSTRAINT suppression_source_check CHECK ((source = ANY (ARRAY['word'::text, 'platform'::text, 'unsubscribe'::text, 'operator'::text])))
);


-- comment TABLE suppression

COMMENT ON TABLE public.suppression IS 'An address that is not to be written to, from `at` until `lifted_at`. It holds for the address, whether a contact has it or not.';


-- comment COLUMN suppression.scope

COMMENT ON COLUMN public.suppression.scope IS 'all: nothing; marketing: no marketing templates.';


-- comment COLUMN suppression.source

COMMENT ON COLUMN public.suppression.source IS 'word: they said so; platform: the vendor reports it; unsubscribe: the link in an e-mail; operator: by hand.';


-- table task

CREATE TABLE public.task (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    inbound_message_id uuid,
    title text NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    reason text,
    due_at timestamp with time zone,
    zone text NOT NULL,
    wall timestamp without time zone,
    grain text,
    quote text,
    draft text,
    reminder_id uuid,
    round integer DEFAULT 1 NOT NULL,
    correlation_id text,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    redacted_at timestamp with time zone,
    rule text,
    rule_from timestamp without time zone,
    follows uuid,
    followed boolean DEFAULT false NOT NULL,
    evidence text,
    CONSTRAINT task_check CHECK (((status = ANY (ARRAY['needs_clarification'::text, 'cancelled'::text, 'expired'::text, 'failed'::text])) OR (due_at IS NOT NULL))),
    CONSTRAINT task_kind_check CHECK ((kind = ANY (ARRAY['remind'::text, 'remind_and_draft'::text]))),
    CONSTRAINT task_rule CHECK (((rule IS NULL) = (rule_from IS NULL))),
    CONSTRAINT task_status_check CHECK ((status = ANY (ARRAY['needs_clarification'::text, 'pending'::text, 'snoozed'::text, 'due'::text, 'executing'::text, 'sending'::text, 'done'::text, 'failed'::text, 'cancelled'::text, 'expired'::text])))
);


-- comment TABLE task

COMMENT ON TABLE public.task IS 'A follow-up. due_at is the instant; zone and wall are what the person meant by it.';


-- comment COLUMN task.round

COMMENT ON COLUMN public.task.round IS 'Counts executions: a retry by hand is a new round with a reminder of its own.';


-- comment COLUMN task.rule

COMMENT ON COLUMN public.task.rule IS 'RRULE on the wall clock, expanded from rule_from; null for what comes once.';


-- comment COLUMN task.follows

COMMENT ON COLUMN public.task.follows IS 'The occurrence before this one.';


-- comment COLUMN task.followed

COMMENT ON COLUMN public.task.followed IS 'Its next occurrence is planned, or there is none.';


-- comment COLUMN task.evidence

COMMENT ON COLUMN public.task.evidence IS 'The words of inbound_message_id that asked for it.';


-- table tenant

CREATE TABLE public.tenant (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    name text NOT NULL,
    zone text DEFAULT 'UTC'::text NOT NULL,
    tone text DEFAULT 'friendly'::text NOT NULL,
    default_action text DEFAULT 'remind'::text NOT NULL,
    unknown_senders text DEFAULT 'create'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    language text DEFAULT 'en'::text NOT NULL,
    send_gap_seconds double precision,
    quiet_from time without time zone,
    quiet_until time without time zone,
    external_id text,
    email text,
    CONSTRAINT tenant_default_action_check CHECK ((default_action = ANY (ARRAY['remind'::text, 'remind_and_draft'::text]))),
    CONSTRAINT tenant_quiet CHECK (((quiet_from IS NULL) = (quiet_until IS NULL))),
    CONSTRAINT tenant_send_gap_seconds_check CHECK ((send_gap_seconds > (0)::double precision)),
    CONSTRAINT tenant_unknown_senders_check CHECK ((unknown_senders = ANY (ARRAY['create'::text, 'ignore'::text])))
);


-- comment TABLE tenant

COMMENT ON TABLE public.tenant IS 'A business that uses Concierge. zone, tone and default_action hold for contacts that chose nothing.';


-- comment COLUMN tenant.send_gap_seconds

COMMENT ON COLUMN public.tenant.send_gap_seconds IS 'Least time between two messages of the tenant, over all its accounts; null: none.';


-- comment COLUMN tenant.quiet_from

COMMENT ON COLUMN public.tenant.quiet_from IS 'On the wall clock of the contact: from then until quiet_until only answers are sent.';


-- comment COLUMN tenant.external_id

COMMENT ON COLUMN public.tenant.external_id IS 'What its own systems call it; null: only we know it.';


-- table tick

CREATE TABLE public.tick (
    name text NOT NULL,
    period interval NOT NULL,
    past interval NOT NULL,
    declared_at timestamp with time zone NOT NULL,
    came_at timestamp with time zone,
    failing_since timestamp with time zone,
    error text,
    CONSTRAINT tick_fails_with_an_error CHECK (((failing_since IS NULL) = (error IS NULL))),
    CONSTRAINT tick_past_check CHECK ((past >= '00:00:00'::interval)),
    CONSTRAINT tick_period_check CHECK ((period > '00:00:00'::interval))
);


-- comment TABLE tick

COMMENT ON TABLE public.tick IS 'A scan that the workers let come by itself. Whoever marks it as come, runs it.';


-- comment COLUMN tick.period

COMMENT ON COLUMN public.tick.period IS 'What lies between one time it comes and the next.';


-- comment COLUMN tick.past

COMMENT ON COLUMN public.tick.past IS 'How long after the full period it comes: 17 minutes, where it comes at 10:17 and 11:17.';


-- comment COLUMN tick.declared_at

COMMENT ON COLUMN public.tick.declared_at IS 'When a worker last said so; what should have come before is not missed.';


-- comment COLUMN tick.came_at

COMMENT ON COLUMN public.tick.came_at IS 'When it came last, by the clock of the database; null: it comes at once.';


-- comment COLUMN tick.failing_since

COMMENT ON COLUMN public.tick.failing_since IS 'Its runs fail since then; null while they go well.';


-- comment COLUMN tick.error

COMMENT ON COLUMN public.tick.error IS 'The kind of error that the last run failed with, never its words.';


-- table unrouted_message

CREATE TABLE public.unrouted_message (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    channel text NOT NULL,
    external_id text NOT NULL,
    provider_message_id text NOT NULL,
    reason text NOT NULL,
    detail text,
    raw bytea,
    received_at timestamp with time zone NOT NULL,
    redacted_at timestamp with time zone,
    CONSTRAINT unrouted_message_reason_check CHECK ((reason = ANY (ARRAY['unknown_account'::text, 'unknown_sender'::text, 'unstorable'::text])))
);


-- comment TABLE unrouted_message

COMMENT ON TABLE public.unrouted_message IS 'Authentic, but nobody''s: kept for an operator, answered with 200 so that the provider stops repeating it.';


-- table webchat_event

CREATE TABLE public.webchat_event (
    session_id uuid NOT NULL,
    seq bigint NOT NULL,
    tenant_id uuid NOT NULL,
    inbound_message_id uuid,
    outbound_message_id uuid,
    CONSTRAINT webchat_event_check CHECK ((num_nonnulls(inbound_message_id, outbound_message_id) = 1))
);


-- comment TABLE webchat_event

COMMENT ON TABLE public.webchat_event IS 'The n-th thing a visitor sees. Holds no words: they stay, and are redacted, in the message it points to.';


-- table webchat_session

CREATE TABLE public.webchat_session (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    channel_account_id uuid NOT NULL,
    identity_id uuid NOT NULL,
    last_seq bigint DEFAULT 0 NOT NULL,
    delivered_seq bigint DEFAULT 0 NOT NULL,
    read_seq bigint DEFAULT 0 NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    CONSTRAINT webchat_session_check CHECK (((read_seq <= delivered_seq) AND (delivered_seq <= last_seq)))
);


-- comment TABLE webchat_session

COMMENT ON TABLE public.webchat_session IS 'One visitor of one widget, across tabs, devices and conversations. Its events are numbered up to last_seq.';


-- comment COLUMN webchat_session.delivered_seq

COMMENT ON COLUMN public.webchat_session.delivered_seq IS 'What the widget says it has; read_seq is what it says was seen.';


-- table webhook_delivery

CREATE TABLE public.webhook_delivery (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempted_at timestamp with time zone,
    response_code integer,
    last_error text,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    CONSTRAINT webhook_delivery_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text])))
);


-- comment TABLE webhook_delivery

COMMENT ON TABLE public.webhook_delivery IS 'One event for one endpoint, and how far it has come.';


-- comment COLUMN webhook_delivery.due_at

COMMENT ON COLUMN public.webhook_delivery.due_at IS 'Not to be tried before: after a failure the wait, during an attempt the lease.';


-- table webhook_endpoint

CREATE TABLE public.webhook_endpoint (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    url text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    event_types text[] NOT NULL,
    include_text boolean DEFAULT false NOT NULL,
    secret bytea NOT NULL,
    old_secret bytea,
    old_until timestamp with time zone,
    status text DEFAULT 'active'::text NOT NULL,
    reason text,
    failing_since timestamp with time zone,
    busy_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    CONSTRAINT webhook_endpoint_check CHECK (((old_secret IS NULL) = (old_until IS NULL))),
    CONSTRAINT webhook_endpoint_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);


-- comment TABLE webhook_endpoint

COMMENT ON TABLE public.webhook_endpoint IS 'A URL of a tenant that is told what happens. Secrets are encrypted outside the database.';


-- comment COLUMN webhook_endpoint.event_types

COMMENT ON COLUMN public.webhook_endpoint.event_types IS 'Such as message.received, task.* or *.';


-- comment COLUMN webhook_endpoint.include_text

COMMENT ON COLUMN public.webhook_endpoint.include_text IS 'Whether it is told what people wrote, beside ids and states.';


-- comment COLUMN webhook_endpoint.old_secret

COMMENT ON COLUMN public.webhook_endpoint.old_secret IS 'Signs beside the new one until old_until, so that a receiver can change over.';


-- comment COLUMN webhook_endpoint.failing_since

COMMENT ON COLUMN public.webhook_endpoint.failing_since IS 'The first failure after which nothing succeeded; null: it works.';


-- comment COLUMN webhook_endpoint.busy_until

COMMENT ON COLUMN public.webhook_endpoint.busy_until IS 'A job delivers to it now; should the job die, another one may begin then.';


-- table webhook_event

CREATE TABLE public.webhook_event (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    tenant_id uuid NOT NULL,
    type text NOT NULL,
    subject_id uuid NOT NULL,
    contact_id uuid,
    data jsonb NOT NULL,
    words jsonb,
    at timestamp with time zone NOT NULL
);


-- comment TABLE webhook_event

COMMENT ON TABLE public.webhook_event IS 'Something that endpoints are told. Written only where one wants it; frozen, so that every attempt says the same.';


-- comment COLUMN webhook_event.id

COMMENT ON COLUMN public.webhook_event.id IS 'The webhook-id: the same for every endpoint and every attempt.';


-- comment COLUMN webhook_event.contact_id

COMMENT ON COLUMN public.webhook_event.contact_id IS 'Whom it is about: what is told about a person is erased with the person.';


-- comment COLUMN webhook_event.data

COMMENT ON COLUMN public.webhook_event.data IS 'Ids and states.';


-- comment COLUMN webhook_event.words

COMMENT ON COLUMN public.webhook_event.words IS 'What people wrote, for endpoints that include text; null where none does, and once it is redacted.';


-- constraint account_notice account_notice_channel_account_id_hash_key

ALTER TABLE ONLY public.account_notice
    ADD CONSTRAINT account_notice_channel_account_id_hash_key UNIQUE (channel_account_id, hash);


-- constraint account_notice account_notice_pkey

ALTER TABLE ONLY public.account_notice
    ADD CONSTRAINT account_notice_pkey PRIMARY KEY (id);


-- constraint activity_minute activity_minute_pkey

ALTER TABLE ONLY public.activity_minute
    ADD CONSTRAINT activity_minute_pkey PRIMARY KEY (tenant_id, minute, channel);


-- constraint agent agent_pkey

ALTER TABLE ONLY public.agent
    ADD CONSTRAINT agent_pkey PRIMARY KEY (id);


-- constraint api_key api_key_hash_key

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_hash_key UNIQUE (hash);


-- constraint api_key api_key_pkey

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);


-- constraint app_reply app_reply_channel_account_id_provider_message_id_key

ALTER TABLE ONLY public.app_reply
    ADD CONSTRAINT app_reply_channel_account_id_provider_message_id_key UNIQUE (channel_account_id, provider_message_id);


-- constraint app_reply app_reply_pkey

ALTER TABLE ONLY public.app_reply
    ADD CONSTRAINT app_reply_pkey PRIMARY KEY (id);


-- constraint archive archive_pkey

ALTER TABLE ONLY public.archive
    ADD CONSTRAINT archive_pkey PRIMARY KEY (id);


-- constraint audit_entry audit_entry_pkey

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (id);


-- constraint booking booking_pkey

ALTER TABLE ONLY public.booking
    ADD CONSTRAINT booking_pkey PRIMARY KEY (id);


-- constraint booking_source booking_source_pkey

ALTER TABLE ONLY public.booking_source
    ADD CONSTRAINT booking_source_pkey PRIMARY KEY (id);


-- constraint booking booking_tenant_id_source_external_id_key

ALTER TABLE ONLY public.booking
    ADD CONSTRAINT booking_tenant_id_source_external_id_key UNIQUE (tenant_id, source, external_id);


-- constraint booking_text booking_text_pkey

ALTER TABLE ONLY public.booking_text
    ADD CONSTRAINT booking_text_pkey PRIMARY KEY (id);


-- constraint booking_text booking_text_tenant_id_kind_language_key

ALTER TABLE ONLY public.booking_text
    ADD CONSTRAINT booking_text_tenant_id_kind_language_key UNIQUE (tenant_id, kind, language);


-- constraint channel_account channel_account_channel_external_id_key

ALTER TABLE ONLY public.channel_account
    ADD CONSTRAINT channel_account_channel_external_id_key UNIQUE (channel, external_id);


-- constraint channel_account channel_account_pkey

ALTER TABLE ONLY public.channel_account
    ADD CONSTRAINT channel_account_pkey PRIMARY KEY (id);


-- constraint console_session console_session_pkey

ALTER TABLE ONLY public.console_session
    ADD CONSTRAINT console_session_pkey PRIMARY KEY (token_hash);


-- constraint contact_identity contact_identity_pkey

ALTER TABLE ONLY public.contact_identity
    ADD CONSTRAINT contact_identity_pkey PRIMARY KEY (id);


-- constraint contact_identity contact_identity_tenant_id_channel_kind_value_key

ALTER TABLE ONLY public.contact_identity
    ADD CONSTRAINT contact_identity_tenant_id_channel_kind_value_key UNIQUE (tenant_id, channel, kind, value);


-- constraint contact contact_pkey

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (id);


-- constraint conversation conversation_pkey

ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT conversation_pkey PRIMARY KEY (id);


-- constraint credit_account credit_account_pkey

ALTER TABLE ONLY public.credit_account
    ADD CONSTRAINT credit_account_pkey PRIMARY KEY (id);


-- constraint credit_account credit_account_tenant_id_key

ALTER TABLE ONLY public.credit_account
    ADD CONSTRAINT credit_account_tenant_id_key UNIQUE (tenant_id);


-- constraint credit_entry credit_entry_account_id_key_key

ALTER TABLE ONLY public.credit_entry
    ADD CONSTRAINT credit_entry_account_id_key_key UNIQUE (account_id, key);


-- constraint credit_entry credit_entry_id_reserved_key

ALTER TABLE ONLY public.credit_entry
    ADD CONSTRAINT credit_entry_id_reserved_key UNIQUE (id, reserved);


-- constraint credit_entry credit_entry_pkey

ALTER TABLE ONLY public.credit_entry
    ADD CONSTRAINT credit_entry_pkey PRIMARY KEY (id);


-- constraint credit_entry credit_entry_reserve_id_key

ALTER TABLE ONLY public.credit_entry
    ADD CONSTRAINT credit_entry_reserve_id_key UNIQUE (reserve_id);


-- constraint credit_hold credit_hold_conversation_id_turn_seq_key

ALTER TABLE ONLY public.credit_hold
    ADD CONSTRAINT credit_hold_conversation_id_turn_seq_key UNIQUE (conversation_id, turn_seq);


-- constraint credit_hold credit_hold_pkey

ALTER TABLE ONLY public.credit_hold
    ADD CONSTRAINT credit_hold_pkey PRIMARY KEY (id);


-- constraint delivery_attempt delivery_attempt_outbound_message_id_n_key

ALTER TABLE ONLY public.delivery_attempt
    ADD CONSTRAINT delivery_attempt_outbound_message_id_n_key UNIQUE (outbound_message_id, n);


-- constraint delivery_attempt delivery_attempt_pkey

ALTER TABLE ONLY public.delivery_attempt
    ADD CONSTRAINT delivery_attempt_pkey PRIMARY KEY (id);


-- constraint draft draft_pkey

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_pkey PRIMARY KEY (id);


-- constraint draft draft_task_id_n_key

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_task_id_n_key UNIQUE (task_id, n);


-- constraint event event_pkey

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);


-- constraint extraction extraction_conversation_id_purpose_upto_seq_key

ALTER TABLE ONLY public.extraction
    ADD CONSTRAINT extraction_conversation_id_purpose_upto_seq_key UNIQUE (conversation_id, purpose, upto_seq);


-- constraint extraction extraction_pkey

ALTER TABLE ONLY public.extraction
    ADD CONSTRAINT extraction_pkey PRIMARY KEY (id);


-- constraint handoff handoff_pkey

ALTER TABLE ONLY public.handoff
    ADD CONSTRAINT handoff_pkey PRIMARY KEY (id);


-- constraint idempotent_request idempotent_request_pkey

ALTER TABLE ONLY public.idempotent_request
    ADD CONSTRAINT idempotent_request_pkey PRIMARY KEY (tenant_id, key);


-- constraint inbound_message inbound_message_channel_account_id_provider_message_id_key

ALTER TABLE ONLY public.inbound_message
    ADD CONSTRAINT inbound_message_channel_account_id_provider_message_id_key UNIQUE (channel_account_id, provider_message_id);


-- constraint inbound_message inbound_message_conversation_id_seq_key

ALTER TABLE ONLY public.inbound_message
    ADD CONSTRAINT inbound_message_conversation_id_seq_key UNIQUE (conversation_id, seq);


-- constraint inbound_message inbound_message_pkey

ALTER TABLE ONLY public.inbound_message
    ADD CONSTRAINT inbound_message_pkey PRIMARY KEY (id);


-- constraint intake_answer intake_answer_conversation_id_key_key

ALTER TABLE ONLY public.intake_answer
    ADD CONSTRAINT intake_answer_conversation_id_key_key UNIQUE (conversation_id, key);


-- constraint intake_answer intake_answer_pkey

ALTER TABLE ONLY public.intake_answer
    ADD CONSTRAINT intake_answer_pkey PRIMARY KEY (id);


-- constraint intake intake_conversation_id_key

ALTER TABLE ONLY public.intake
    ADD CONSTRAINT intake_conversation_id_key UNIQUE (conversation_id);


-- constraint intake intake_pkey

ALTER TABLE ONLY public.intake
    ADD CONSTRAINT intake_pkey PRIMARY KEY (id);


-- constraint lead lead_conversation_id_key

ALTER TABLE ONLY public.lead
    ADD CONSTRAINT lead_conversation_id_key UNIQUE (conversation_id);


-- constraint lead lead_pkey

ALTER TABLE ONLY public.lead
    ADD CONSTRAINT lead_pkey PRIMARY KEY (id);


-- constraint login_try login_try_pkey

ALTER TABLE ONLY public.login_try
    ADD CONSTRAINT login_try_pkey PRIMARY KEY (login_hash);


-- constraint media media_inbound_message_id_n_key

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_inbound_message_id_n_key UNIQUE (inbound_message_id, n);


-- constraint media media_pkey

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_pkey PRIMARY KEY (id);


-- constraint message_template message_template_channel_account_id_name_language_key

ALTER TABLE ONLY public.message_template
    ADD CONSTRAINT message_template_channel_account_id_name_language_key UNIQUE (channel_account_id, name, language);


-- constraint message_template message_template_pkey

ALTER TABLE ONLY public.message_template
    ADD CONSTRAINT message_template_pkey PRIMARY KEY (id);


-- constraint migration migration_pkey

ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);


-- constraint model_breaker model_breaker_id_key

ALTER TABLE ONLY public.model_breaker
    ADD CONSTRAINT model_breaker_id_key UNIQUE (id);


-- constraint model_breaker model_breaker_pkey

ALTER TABLE ONLY public.model_breaker
    ADD CONSTRAINT model_breaker_pkey PRIMARY KEY (provider);


-- constraint model_budget model_budget_pkey

ALTER TABLE ONLY public.model_budget
    ADD CONSTRAINT model_budget_pkey PRIMARY KEY (tenant_id);


-- constraint model_call model_call_pkey

ALTER TABLE ONLY public.model_call
    ADD CONSTRAINT model_call_pkey PRIMARY KEY (id);


-- constraint model_minute model_minute_pkey

ALTER TABLE ONLY public.model_minute
    ADD CONSTRAINT model_minute_pkey PRIMARY KEY (tenant_id, minute, provider);


-- constraint model_spend model_spend_pkey

ALTER TABLE ONLY public.model_spend
    ADD CONSTRAINT model_spend_pkey PRIMARY KEY (tenant_id, month);


-- constraint model_thread model_thread_pkey

ALTER TABLE ONLY public.model_thread
    ADD CONSTRAINT model_thread_pkey PRIMARY KEY (conversation_id, provider);


-- constraint notification notification_pkey

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_pkey PRIMARY KEY (id);


-- constraint operation operation_pkey

ALTER TABLE ONLY public.operation
    ADD CONSTRAINT operation_pkey PRIMARY KEY (id);


-- constraint operator operator_login_key

ALTER TABLE ONLY public.operator
    ADD CONSTRAINT operator_login_key UNIQUE (login);


-- constraint operator operator_pkey

ALTER TABLE ONLY public.operator
    ADD CONSTRAINT operator_pkey PRIMARY KEY (id);


-- constraint outbound_message outbound_message_pkey

ALTER TABLE ONLY public.outbound_message
    ADD CONSTRAINT outbound_message_pkey PRIMARY KEY (id);


-- constraint outbound_message outbound_message_tenant_id_dedupe_key_key

ALTER TABLE ONLY public.outbound_message
    ADD CONSTRAINT outbound_message_tenant_id_dedupe_key_key UNIQUE (tenant_id, dedupe_key);


-- constraint prompt prompt_pkey

ALTER TABLE ONLY public.prompt
    ADD CONSTRAINT prompt_pkey PRIMARY KEY (id);


-- constraint prompt prompt_tenant_id_external_id_key

ALTER TABLE ONLY public.prompt
    ADD CONSTRAINT prompt_tenant_id_external_id_key UNIQUE (tenant_id, external_id);


-- constraint prompt prompt_tenant_id_name_key

ALTER TABLE ONLY public.prompt
    ADD CONSTRAINT prompt_tenant_id_name_key UNIQUE (tenant_id, name);


-- constraint prompt_version prompt_version_pkey

ALTER TABLE ONLY public.prompt_version
    ADD CONSTRAINT prompt_version_pkey PRIMARY KEY (id);


-- constraint prompt_version prompt_version_prompt_id_number_key

ALTER TABLE ONLY public.prompt_version
    ADD CONSTRAINT prompt_version_prompt_id_number_key UNIQUE (prompt_id, number);


-- constraint pseudonym pseudonym_conversation_id_kind_n_key

ALTER TABLE ONLY public.pseudonym
    ADD CONSTRAINT pseudonym_conversation_id_kind_n_key UNIQUE (conversation_id, kind, n);


-- constraint pseudonym pseudonym_pkey

ALTER TABLE ONLY public.pseudonym
    ADD CONSTRAINT pseudonym_pkey PRIMARY KEY (id);


-- constraint queue_pause queue_pause_pkey

ALTER TABLE ONLY public.queue_pause
    ADD CONSTRAINT queue_pause_pkey PRIMARY KEY (queue);


-- constraint rate_bucket rate_bucket_pkey

ALTER TABLE ONLY public.rate_bucket
    ADD CONSTRAINT rate_bucket_pkey PRIMARY KEY (tenant_id, key);


-- constraint reminder reminder_booking_id_schedule_version_n_key

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_booking_id_schedule_version_n_key UNIQUE (booking_id, schedule_version, n);


-- constraint reminder reminder_pkey

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_pkey PRIMARY KEY (id);


-- constraint reminder_policy reminder_policy_pkey

ALTER TABLE ONLY public.reminder_policy
    ADD CONSTRAINT reminder_policy_pkey PRIMARY KEY (id);


-- constraint reminder_policy reminder_policy_tenant_id_name_key

ALTER TABLE ONLY public.reminder_policy
    ADD CONSTRAINT reminder_policy_tenant_id_name_key UNIQUE (tenant_id, name);


-- constraint reply reply_conversation_id_upto_seq_key

ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_conversation_id_upto_seq_key UNIQUE (conversation_id, upto_seq);


-- constraint reply reply_pkey

ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_pkey PRIMARY KEY (id);


-- constraint retention_policy retention_policy_pkey

ALTER TABLE ONLY public.retention_policy
    ADD CONSTRAINT retention_policy_pkey PRIMARY KEY (tenant_id, kind);


-- constraint retention_run retention_run_pkey

ALTER TABLE ONLY public.retention_run
    ADD CONSTRAINT retention_run_pkey PRIMARY KEY (id);


-- constraint retention_run retention_run_tenant_id_started_at_key

ALTER TABLE ONLY public.retention_run
    ADD CONSTRAINT retention_run_tenant_id_started_at_key UNIQUE (tenant_id, started_at);


-- constraint summary summary_pkey

ALTER TABLE ONLY public.summary
    ADD CONSTRAINT summary_pkey PRIMARY KEY (id);


-- constraint suppression suppression_pkey

ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_pkey PRIMARY KEY (id);


-- constraint task task_pkey

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);


-- constraint tenant tenant_pkey

ALTER TABLE ONLY public.tenant
    ADD CONSTRAINT tenant_pkey PRIMARY KEY (id);


-- constraint tick tick_pkey

ALTER TABLE ONLY public.tick
    ADD CONSTRAINT tick_pkey PRIMARY KEY (name);


-- constraint unrouted_message unrouted_message_channel_external_id_provider_message_id_key

ALTER TABLE ONLY public.unrouted_message
    ADD CONSTRAINT unrouted_message_channel_external_id_provider_message_id_key UNIQUE (channel, external_id, provider_message_id);


-- constraint unrouted_message unrouted_message_pkey

ALTER TABLE ONLY public.unrouted_message
    ADD CONSTRAINT unrouted_message_pkey PRIMARY KEY (id);


-- constraint webchat_event webchat_event_inbound_message_id_key

ALTER TABLE ONLY public.webchat_event
    ADD CONSTRAINT webchat_event_inbound_message_id_key UNIQUE (inbound_message_id);


-- constraint webchat_event webchat_event_outbound_message_id_key

ALTER TABLE ONLY public.webchat_event
    ADD CONSTRAINT webchat_event_outbound_message_id_key UNIQUE (outbound_message_id);


-- constraint webchat_event webchat_event_pkey

ALTER TABLE ONLY public.webchat_event
    ADD CONSTRAINT webchat_event_pkey PRIMARY KEY (session_id, seq);


-- constraint webchat_session webchat_session_channel_account_id_identity_id_key

ALTER TABLE ONLY public.webchat_session
    ADD CONSTRAINT webchat_session_channel_account_id_identity_id_key UNIQUE (channel_account_id, identity_id);


-- constraint webchat_session webchat_session_pkey

ALTER TABLE ONLY public.webchat_session
    ADD CONSTRAINT webchat_session_pkey PRIMARY KEY (id);


-- constraint webhook_delivery webhook_delivery_endpoint_id_event_id_key

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_endpoint_id_event_id_key UNIQUE (endpoint_id, event_id);


-- constraint webhook_delivery webhook_delivery_pkey

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_pkey PRIMARY KEY (id);


-- constraint webhook_endpoint webhook_endpoint_pkey

ALTER TABLE ONLY public.webhook_endpoint
    ADD CONSTRAINT webhook_endpoint_pkey PRIMARY KEY (id);


-- constraint webhook_endpoint webhook_endpoint_tenant_id_id_key

ALTER TABLE ONLY public.webhook_endpoint
    ADD CONSTRAINT webhook_endpoint_tenant_id_id_key UNIQUE (tenant_id, id);


-- constraint webhook_event webhook_event_pkey

ALTER TABLE ONLY public.webhook_event
    ADD CONSTRAINT webhook_event_pkey PRIMARY KEY (id);


-- index account_notice_bodies

CREATE INDEX account_notice_bodies ON public.account_notice USING btree (received_at) WHERE (redacted_at IS NULL);


-- index account_notice_tenant

CREATE INDEX account_notice_tenant ON public.account_notice USING btree (tenant_id, received_at);


-- index activity_minute_age

CREATE INDEX activity_minute_age ON public.activity_minute USING btree (minute);


-- index agent_live

CREATE UNIQUE INDEX agent_live ON public.agent USING btree (channel_account_id) WHERE live;


-- index agent_prompt

CREATE INDEX agent_prompt ON public.agent USING btree (prompt_id) WHERE (prompt_id IS NOT NULL);


-- index agent_tenant

CREATE INDEX agent_tenant ON public.agent USING btree (tenant_id);


-- index api_key_tenant

CREATE INDEX api_key_tenant ON public.api_key USING btree (tenant_id);


-- index app_reply_bodies

CREATE INDEX app_reply_bodies ON public.app_reply USING btree (received_at) WHERE (redacted_at IS NULL);


-- index app_reply_conversation

CREATE INDEX app_reply_conversation ON public.app_reply USING btree (conversation_id, sent_at);


-- index archive_account

CREATE INDEX archive_account ON public.archive USING btree (channel_account_id);


-- index archive_tenant

CREATE INDEX archive_tenant ON public.archive USING btree (tenant_id, archived_at);


-- index audit_entry_newest

CREATE INDEX audit_entry_newest ON public.audit_entry USING btree (tenant_id, created_at DESC, id DESC);


-- index booking_contact

CREATE INDEX booking_contact ON public.booking USING btree (contact_id, starts_at);


-- index booking_former

CREATE INDEX booking_former ON public.booking USING gin (former_ids) WHERE (former_ids <> '{}'::text[]);


-- index booking_policy

CREATE INDEX booking_policy ON public.booking USING btree (policy_id, policy_version, starts_at) WHERE (status <> 'cancelled'::text);


-- index booking_source_name

CREATE UNIQUE INDEX booking_source_name ON public.booking_source USING btree (tenant_id, name) WHERE (removed_at IS NULL);


-- index booking_starts

CREATE INDEX booking_starts ON public.booking USING btree (tenant_id, starts_at);


-- index booking_tenant

CREATE INDEX booking_tenant ON public.booking USING btree (tenant_id, created_at, id);


-- index booking_zone_rules

CREATE INDEX booking_zone_rules ON public.booking USING btree (zone_rules, starts_at) WHERE (status <> 'cancelled'::text);


-- index channel_account_made

CREATE INDEX channel_account_made ON public.channel_account USING btree (tenant_id, created_at, id);


-- index channel_account_origins

CREATE INDEX channel_account_origins ON public.channel_account USING gin (((settings -> 'origins'::text))) WHERE (channel = 'webchat'::text);


-- index channel_account_owner

CREATE INDEX channel_account_owner ON public.channel_account USING btree (channel, ((settings ->> 'business_account_id'::text)));


-- index channel_account_resting

CREATE INDEX channel_account_resting ON public.channel_account USING btree (resume_at) WHERE (resume_at IS NOT NULL);


-- index channel_account_tenant

CREATE INDEX channel_account_tenant ON public.channel_account USING btree (tenant_id);


-- index console_session_expiry

CREATE INDEX console_session_expiry ON public.console_session USING btree (expires_at);


-- index console_session_operator

CREATE INDEX console_session_operator ON public.console_session USING btree (operator_id);


-- index contact_erase_again

CREATE INDEX contact_erase_again ON public.contact USING btree (erase_again_at) WHERE (erase_again_at IS NOT NULL);


-- index contact_identity_contact

CREATE INDEX contact_identity_contact ON public.contact_identity USING btree (contact_id);


-- index contact_merged

CREATE INDEX contact_merged ON public.contact USING btree (merged_into) WHERE (merged_into IS NOT NULL);


-- index contact_name

CREATE INDEX contact_name ON public.contact USING btree (tenant_id, lower(name) text_pattern_ops, id) WHERE ((name IS NOT NULL) AND (merged_into IS NULL) AND (erased_at IS NULL));


-- index contact_page

CREATE INDEX contact_page ON public.contact USING btree (tenant_id, created_at, id) WHERE ((merged_into IS NULL) AND (erased_at IS NULL));


-- index contact_tenant

CREATE INDEX contact_tenant ON public.contact USING btree (tenant_id, created_at);


-- index conversation_archive

CREATE INDEX conversation_archive ON public.conversation USING btree (archive_id) WHERE (archive_id IS NOT NULL);


-- index conversation_contact

CREATE INDEX conversation_contact ON public.conversation USING btree (contact_id);


-- index conversation_inbox

CREATE INDEX conversation_inbox ON public.conversation USING btree (channel_account_id, status, last_message_at, id);


-- index conversation_open

CREATE UNIQUE INDEX conversation_open ON public.conversation USING btree (channel_account_id, contact_id) WHERE (status <> 'closed'::text);


-- index conversation_opened

CREATE INDEX conversation_opened ON public.conversation USING btree (tenant_id, opened_at, id);


-- index conversation_parked

CREATE INDEX conversation_parked ON public.conversation USING btree (tenant_id, parked_at) WHERE (parked_at IS NOT NULL);


-- index conversation_quiet

CREATE INDEX conversation_quiet ON public.conversation USING btree (quiet_until) WHERE ((quiet_until IS NOT NULL) AND (woken_at IS NULL));


-- index conversation_retry

CREATE INDEX conversation_retry ON public.conversation USING btree (retry_at) WHERE (retry_at IS NOT NULL);


-- index conversation_unhandled

CREATE INDEX conversation_unhandled ON public.conversation USING btree (last_message_at) WHERE (handled_seq < last_seq);


-- index credit_entry_account

CREATE INDEX credit_entry_account ON public.credit_entry USING btree (account_id, "position");


-- index credit_entry_tenant

CREATE INDEX credit_entry_tenant ON public.credit_entry USING btree (tenant_id, created_at, id);


-- index credit_hold_age

CREATE INDEX credit_hold_age ON public.credit_hold USING btree (created_at);


-- index draft_bodies

CREATE INDEX draft_bodies ON public.draft USING btree (moved_at) WHERE (redacted_at IS NULL);


-- index draft_live

CREATE UNIQUE INDEX draft_live ON public.draft USING btree (task_id) WHERE (status = ANY (ARRAY['writing'::text, 'proposed'::text, 'approved'::text]));


-- index event_subject

CREATE INDEX event_subject ON public.event USING btree (subject_id, id);


-- index event_tenant

CREATE INDEX event_tenant ON public.event USING btree (tenant_id, id);


-- index extraction_bodies

CREATE INDEX extraction_bodies ON public.extraction USING btree (created_at) WHERE (redacted_at IS NULL);


-- index extraction_tenant

CREATE INDEX extraction_tenant ON public.extraction USING btree (tenant_id, created_at, id);


-- index handoff_bodies

CREATE INDEX handoff_bodies ON public.handoff USING btree (requested_at) WHERE (redacted_at IS NULL);


-- index handoff_open

CREATE UNIQUE INDEX handoff_open ON public.handoff USING btree (conversation_id) WHERE (ended_at IS NULL);


-- index handoff_tenant

CREATE INDEX handoff_tenant ON public.handoff USING btree (tenant_id, requested_at);


-- index idempotent_request_old

CREATE INDEX idempotent_request_old ON public.idempotent_request USING btree (created_at);


-- index inbound_message_bodies

CREATE INDEX inbound_message_bodies ON public.inbound_message USING btree (received_at) WHERE (redacted_at IS NULL);


-- index inbound_message_conversation

CREATE INDEX inbound_message_conversation ON public.inbound_message USING btree (conversation_id, received_at, id);


-- index inbound_message_raw

CREATE INDEX inbound_message_raw ON public.inbound_message USING btree (received_at) WHERE (raw IS NOT NULL);


-- index inbound_message_tenant

CREATE INDEX inbound_message_tenant ON public.inbound_message USING btree (tenant_id, received_at, id);


-- index intake_answer_bodies

CREATE INDEX intake_answer_bodies ON public.intake_answer USING btree (created_at) WHERE (redacted_at IS NULL);


-- index lead_bodies

CREATE INDEX lead_bodies ON public.lead USING btree (moved_at) WHERE ((redacted_at IS NULL) AND (extraction_id IS NOT NULL));


-- index lead_due

CREATE INDEX lead_due ON public.lead USING btree (due_at) WHERE (due_at IS NOT NULL);


-- index lead_extraction

CREATE INDEX lead_extraction ON public.lead USING btree (extraction_id) WHERE (extraction_id IS NOT NULL);


-- index lead_not_read

CREATE INDEX lead_not_read ON public.lead USING btree (moved_at) WHERE (reason IS NOT NULL);


-- index lead_tenant

CREATE INDEX lead_tenant ON public.lead USING btree (tenant_id, created_at, id) WHERE (extraction_id IS NOT NULL);


-- index login_try_age

CREATE INDEX login_try_age ON public.login_try USING btree (tried_at);


-- index media_bodies

CREATE INDEX media_bodies ON public.media USING btree (created_at) WHERE (status = ANY (ARRAY['pending'::text, 'stored'::text, 'refused'::text, 'failed'::text]));


-- index media_expiring

CREATE INDEX media_expiring ON public.media USING btree (moved_at) WHERE (status = 'expiring'::text);


-- index media_failed

CREATE INDEX media_failed ON public.media USING btree (tenant_id, moved_at) WHERE (status = 'failed'::text);


-- index media_wake

CREATE INDEX media_wake ON public.media USING btree (wake_at) WHERE (status = 'pending'::text);


-- index message_template_kind

CREATE INDEX message_template_kind ON public.message_template USING btree (channel_account_id, kind) WHERE (status = 'approved'::text);


-- index message_template_tenant

CREATE INDEX message_template_tenant ON public.message_template USING btree (tenant_id);


-- index model_call_age

CREATE INDEX model_call_age ON public.model_call USING btree (created_at);


-- index model_call_bodies

CREATE INDEX model_call_bodies ON public.model_call USING btree (created_at) WHERE (prompt IS NOT NULL);


-- index model_call_conversation

CREATE INDEX model_call_conversation ON public.model_call USING btree (conversation_id) WHERE (conversation_id IS NOT NULL);


-- index model_call_tenant

CREATE INDEX model_call_tenant ON public.model_call USING btree (tenant_id, created_at);


-- index model_minute_age

CREATE INDEX model_minute_age ON public.model_minute USING btree (minute);


-- index model_thread_age

CREATE INDEX model_thread_age ON public.model_thread USING btree (created_at);


-- index notification_open

CREATE UNIQUE INDEX notification_open ON public.notification USING btree (subject_id, kind) WHERE (acknowledged_at IS NULL);


-- index notification_subject

CREATE INDEX notification_subject ON public.notification USING btree (subject_id);


-- index notification_tenant

CREATE INDEX notification_tenant ON public.notification USING btree (tenant_id, created_at, id);


-- index operation_newest

CREATE INDEX operation_newest ON public.operation USING btree (tenant_id, created_at, id);


-- index operator_tenant

CREATE INDEX operator_tenant ON public.operator USING btree (tenant_id);


-- index outbound_message_about

CREATE INDEX outbound_message_about ON public.outbound_message USING btree (about) WHERE ((about IS NOT NULL) AND (status = ANY (ARRAY['queued'::text, 'held'::text, 'blocked'::text, 'sending'::text, 'unknown'::text, 'failed'::text])));


-- index outbound_message_blocked

CREATE INDEX outbound_message_blocked ON public.outbound_message USING btree (tenant_id, moved_at) WHERE (status = 'blocked'::text);


-- index outbound_message_bodies

CREATE INDEX outbound_message_bodies ON public.outbound_message USING btree (created_at) WHERE (redacted_at IS NULL);


-- index outbound_message_conversation

CREATE INDEX outbound_message_conversation ON public.outbound_message USING btree (conversation_id, created_at);


-- index outbound_message_escalated

CREATE INDEX outbound_message_escalated ON public.outbound_message USING btree (tenant_id, moved_at) WHERE ((status = 'unknown'::text) AND (escalated_at IS NOT NULL));


-- index outbound_message_expiring

CREATE INDEX outbound_message_expiring ON public.outbound_message USING btree (expires_at) WHERE ((status = ANY (ARRAY['queued'::text, 'held'::text])) AND (expires_at IS NOT NULL));


-- index outbound_message_failed

CREATE INDEX outbound_message_failed ON public.outbound_message USING btree (tenant_id, moved_at) WHERE (status = 'failed'::text);


-- index outbound_message_fallback

CREATE UNIQUE INDEX outbound_message_fallback ON public.outbound_message USING btree (fallback_of) WHERE (fallback_of IS NOT NULL);


-- index outbound_message_held

CREATE INDEX outbound_message_held ON public.outbound_message USING btree (wake_at) WHERE (status = 'held'::text);


-- index outbound_message_line

CREATE INDEX outbound_message_line ON public.outbound_message USING btree (conversation_id, "position") WHERE (status = ANY (ARRAY['queued'::text, 'sending'::text]));


-- index outbound_message_made

CREATE INDEX outbound_message_made ON public.outbound_message USING btree (tenant_id, created_at, id);


-- index outbound_message_provider_id

CREATE UNIQUE INDEX outbound_message_provider_id ON public.outbound_message USING btree (channel_account_id, provider_message_id) WHERE (provider_message_id IS NOT NULL);


-- index outbound_message_rare

CREATE INDEX outbound_message_rare ON public.outbound_message USING btree (tenant_id, status, created_at, id) WHERE (status = ANY (ARRAY['scheduled'::text, 'held'::text, 'blocked'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text, 'expired'::text]));


-- index outbound_message_receipts

CREATE INDEX outbound_message_receipts ON public.outbound_message USING btree (channel_account_id, receipt_at) WHERE (receipt_at IS NOT NULL);


-- index outbound_message_said_about

CREATE INDEX outbound_message_said_about ON public.outbound_message USING btree (conversation_id, "position") WHERE (about IS NOT NULL);


-- index outbound_message_scheduled

CREATE INDEX outbound_message_scheduled ON public.outbound_message USING btree (send_at) WHERE (status = 'scheduled'::text);


-- index outbound_message_sending

CREATE INDEX outbound_message_sending ON public.outbound_message USING btree (moved_at) WHERE (status = 'sending'::text);


-- index outbound_message_unknown

CREATE INDEX outbound_message_unknown ON public.outbound_message USING btree (moved_at) WHERE ((status = 'unknown'::text) AND (escalated_at IS NULL));


-- index outbound_message_unsent

CREATE INDEX outbound_message_unsent ON public.outbound_message USING btree (tenant_id, moved_at) WHERE (status = ANY (ARRAY['queued'::text, 'held'::text, 'blocked'::text]));


-- index outbound_message_unsettled

CREATE INDEX outbound_message_unsettled ON public.outbound_message USING btree (identity_id) WHERE (status = ANY (ARRAY['sending'::text, 'unknown'::text]));


-- index outbound_message_waiting

CREATE INDEX outbound_message_waiting ON public.outbound_message USING btree (due_at) WHERE ((status = 'queued'::text) AND (wake_at IS NULL));


-- index outbound_message_wake

CREATE INDEX outbound_message_wake ON public.outbound_message USING btree (wake_at) WHERE ((status = 'queued'::text) AND (wake_at IS NOT NULL));


-- index outbound_message_wants_template

CREATE INDEX outbound_message_wants_template ON public.outbound_message USING btree (conversation_id) WHERE ((status = 'blocked'::text) AND (reason = 'template_required'::text));


-- index pseudonym_age

CREATE INDEX pseudonym_age ON public.pseudonym USING btree (created_at);


-- index rate_bucket_old

CREATE INDEX rate_bucket_old ON public.rate_bucket USING btree (line);


-- index reminder_due

CREATE INDEX reminder_due ON public.reminder USING btree (moved_at) WHERE (status = 'due'::text);


-- index reminder_failed

CREATE INDEX reminder_failed ON public.reminder USING btree (outbound_message_id) WHERE (status = 'failed'::text);


-- index reminder_finished

CREATE INDEX reminder_finished ON public.reminder USING btree (tenant_id, moved_at) WHERE (status = ANY (ARRAY['sent'::text, 'failed'::text]));


-- index reminder_not_sent

CREATE INDEX reminder_not_sent ON public.reminder USING btree (moved_at) WHERE (status = ANY (ARRAY['failed'::text, 'skipped'::text]));


-- index reminder_planned

CREATE INDEX reminder_planned ON public.reminder USING btree (due_at) WHERE (status = 'planned'::text);


-- index reminder_policy_usual

CREATE UNIQUE INDEX reminder_policy_usual ON public.reminder_policy USING btree (tenant_id) WHERE usual;


-- index reminder_sending

CREATE INDEX reminder_sending ON public.reminder USING btree (outbound_message_id) WHERE (status = 'sending'::text);


-- index reminder_waiting

CREATE INDEX reminder_waiting ON public.reminder USING btree (tenant_id, due_at) WHERE (status = ANY (ARRAY['planned'::text, 'due'::text]));


-- index retention_run_open

CREATE INDEX retention_run_open ON public.retention_run USING btree (started_at) WHERE (ended_at IS NULL);


-- index summary_bodies

CREATE INDEX summary_bodies ON public.summary USING btree (created_at) WHERE (redacted_at IS NULL);


-- index summary_contact

CREATE INDEX summary_contact ON public.summary USING btree (contact_id, created_at, id);


-- index summary_due

CREATE INDEX summary_due ON public.summary USING btree (due_at) WHERE (status = 'waiting'::text);


-- index summary_failed

CREATE INDEX summary_failed ON public.summary USING btree (moved_at) WHERE (status = 'failed'::text);


-- index summary_running

CREATE UNIQUE INDEX summary_running ON public.summary USING btree (contact_id) WHERE (status = 'running'::text);


-- index summary_stuck

CREATE INDEX summary_stuck ON public.summary USING btree (moved_at) WHERE (status = 'running'::text);


-- index summary_tenant

CREATE INDEX summary_tenant ON public.summary USING btree (tenant_id, created_at, id);


-- index summary_waiting

CREATE UNIQUE INDEX summary_waiting ON public.summary USING btree (contact_id) WHERE (status = 'waiting'::text);


-- index suppression_address

CREATE INDEX suppression_address ON public.suppression USING btree (tenant_id, channel, kind, value);


-- index suppression_live

CREATE UNIQUE INDEX suppression_live ON public.suppression USING btree (tenant_id, channel, kind, value, scope) WHERE (lifted_at IS NULL);


-- index suppression_page

CREATE INDEX suppression_page ON public.suppression USING btree (tenant_id, at, id) WHERE (lifted_at IS NULL);


-- index task_agenda

CREATE INDEX task_agenda ON public.task USING btree (tenant_id, due_at, id) WHERE (status = ANY (ARRAY['needs_clarification'::text, 'pending'::text, 'snoozed'::text, 'due'::text, 'executing'::text, 'sending'::text, 'failed'::text]));


-- index task_asked

CREATE INDEX task_asked ON public.task USING btree (conversation_id, created_at) WHERE (status = 'needs_clarification'::text);


-- index task_bodies

CREATE INDEX task_bodies ON public.task USING btree (moved_at) WHERE ((redacted_at IS NULL) AND (status = ANY (ARRAY['done'::text, 'failed'::text, 'cancelled'::text, 'expired'::text])));


-- index task_contact

CREATE INDEX task_contact ON public.task USING btree (contact_id);


-- index task_due

CREATE INDEX task_due ON public.task USING btree (due_at) WHERE (status = 'pending'::text);


-- index task_failed

CREATE INDEX task_failed ON public.task USING btree (tenant_id, moved_at) WHERE (status = 'failed'::text);


-- index task_failed_lately

CREATE INDEX task_failed_lately ON public.task USING btree (moved_at) WHERE ((status = 'failed'::text) AND (reminder_id IS NOT NULL));


-- index task_lately

CREATE INDEX task_lately ON public.task USING btree (contact_id, moved_at) WHERE ((status = 'done'::text) AND (rule IS NULL));


-- index task_made

CREATE INDEX task_made ON public.task USING btree (tenant_id, created_at, id);


-- index task_next

CREATE UNIQUE INDEX task_next ON public.task USING btree (follows) WHERE (follows IS NOT NULL);


-- index task_open

CREATE INDEX task_open ON public.task USING btree (contact_id, due_at) WHERE (status = ANY (ARRAY['pending'::text, 'snoozed'::text, 'due'::text, 'executing'::text, 'sending'::text]));


-- index task_rare

CREATE INDEX task_rare ON public.task USING btree (tenant_id, status, created_at, id) WHERE (status = ANY (ARRAY['needs_clarification'::text, 'snoozed'::text, 'failed'::text, 'cancelled'::text, 'expired'::text]));


-- index task_sending

CREATE INDEX task_sending ON public.task USING btree (reminder_id) WHERE (status = 'sending'::text);


-- index task_snoozed

CREATE INDEX task_snoozed ON public.task USING btree (due_at) WHERE (status = 'snoozed'::text);


-- index task_to_follow

CREATE INDEX task_to_follow ON public.task USING btree (moved_at) WHERE ((rule IS NOT NULL) AND (NOT followed) AND (status = ANY (ARRAY['sending'::text, 'done'::text, 'failed'::text, 'expired'::text])));


-- index task_unanswered

CREATE INDEX task_unanswered ON public.task USING btree (created_at) WHERE (status = 'needs_clarification'::text);


-- index task_wants_template

CREATE INDEX task_wants_template ON public.task USING btree (reminder_id) WHERE ((status = 'failed'::text) AND (reason = 'template_required'::text));


-- index task_working

CREATE INDEX task_working ON public.task USING btree (moved_at) WHERE (status = ANY (ARRAY['due'::text, 'executing'::text]));


-- index tenant_email

CREATE UNIQUE INDEX tenant_email ON public.tenant USING btree (lower(email)) WHERE (email IS NOT NULL);


-- index tenant_external_id

CREATE UNIQUE INDEX tenant_external_id ON public.tenant USING btree (external_id) WHERE (external_id IS NOT NULL);


-- index tenant_made

CREATE INDEX tenant_made ON public.tenant USING btree (created_at, id);


-- index unrouted_message_bodies

CREATE INDEX unrouted_message_bodies ON public.unrouted_message USING btree (received_at) WHERE (redacted_at IS NULL);


-- index webchat_session_identity

CREATE INDEX webchat_session_identity ON public.webchat_session USING btree (identity_id);


-- index webhook_delivery_due

CREATE INDEX webhook_delivery_due ON public.webhook_delivery USING btree (endpoint_id, due_at) WHERE (status = 'pending'::text);


-- index webhook_delivery_event

CREATE INDEX webhook_delivery_event ON public.webhook_delivery USING btree (event_id);


-- index webhook_delivery_failed

CREATE INDEX webhook_delivery_failed ON public.webhook_delivery USING btree (endpoint_id, created_at, id) WHERE (status = 'failed'::text);


-- index webhook_delivery_log

CREATE INDEX webhook_delivery_log ON public.webhook_delivery USING btree (endpoint_id, created_at, id);


-- index webhook_delivery_tenant

CREATE INDEX webhook_delivery_tenant ON public.webhook_delivery USING btree (tenant_id);


-- index webhook_endpoint_active

CREATE INDEX webhook_endpoint_active ON public.webhook_endpoint USING btree (tenant_id) WHERE (status = 'active'::text);


-- index webhook_endpoint_tenant

CREATE INDEX webhook_endpoint_tenant ON public.webhook_endpoint USING btree (tenant_id, created_at, id);


-- index webhook_event_contact

CREATE INDEX webhook_event_contact ON public.webhook_event USING btree (contact_id) WHERE (contact_id IS NOT NULL);


-- index webhook_event_old

CREATE INDEX webhook_event_old ON public.webhook_event USING btree (at);


-- trigger outbound_message announce_birth

CREATE TRIGGER announce_birth AFTER INSERT ON public.outbound_message FOR EACH ROW EXECUTE FUNCTION public.announce_outbound();


-- trigger task announce_birth

CREATE TRIGGER announce_birth AFTER INSERT ON public.task FOR EACH ROW EXECUTE FUNCTION public.announce_task();


-- trigger outbound_message announce_move

CREATE TRIGGER announce_move AFTER UPDATE OF status ON public.outbound_message FOR EACH ROW WHEN (((old.status <> new.status) AND (new.status <> 'sending'::text))) EXECUTE FUNCTION public.announce_outbound();


-- trigger task announce_move

CREATE TRIGGER announce_move AFTER UPDATE OF status ON public.task FOR EACH ROW WHEN (((old.status <> new.status) AND (new.status <> ALL (ARRAY['executing'::text, 'sending'::text])))) EXECUTE FUNCTION public.announce_task();


-- trigger audit_entry append_only

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.audit_entry FOR EACH ROW EXECUTE FUNCTION public.refuse_change();


-- trigger credit_entry append_only

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.credit_entry FOR EACH ROW EXECUTE FUNCTION public.refuse_change();


-- trigger event append_only

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION public.refuse_change_of_event();


-- trigger prompt_version append_only

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.prompt_version FOR EACH ROW EXECUTE FUNCTION public.refuse_change();


-- trigger event append_only_whole

CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


-- trigger task guard_move

CREATE TRIGGER guard_move BEFORE UPDATE OF status ON public.task FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.guard_task_move();


-- trigger credit_entry keep_balance

CREATE TRIGGER keep_balance AFTER INSERT ON public.credit_entry FOR EACH ROW EXECUTE FUNCTION public.keep_balance();


-- trigger inbound_message number_webchat

CREATE TRIGGER number_webchat AFTER INSERT ON public.inbound_message FOR EACH ROW WHEN ((substr(new.provider_message_id, 37, 1) = ':'::text)) EXECUTE FUNCTION public.number_webchat();


-- trigger outbound_message number_webchat

CREATE TRIGGER number_webchat AFTER UPDATE OF status ON public.outbound_message FOR EACH ROW WHEN (((old.status <> new.status) AND (new.status = 'sending'::text))) EXECUTE FUNCTION public.number_webchat();


-- trigger agent record_agent

CREATE TRIGGER record_agent AFTER INSERT OR UPDATE ON public.agent FOR EACH ROW EXECUTE FUNCTION public.record_agent();


-- trigger booking record_birth

CREATE TRIGGER record_birth AFTER INSERT ON public.booking FOR EACH ROW EXECUTE FUNCTION public.record_move('correlation_id');


-- trigger draft record_birth

CREATE TRIGGER record_birth AFTER INSERT ON public.draft FOR EACH ROW EXECUTE FUNCTION public.record_move();


-- trigger media record_birth

CREATE TRIGGER record_birth AFTER INSERT ON public.media FOR EACH ROW EXECUTE FUNCTION public.record_move();


-- trigger operation record_birth

CREATE TRIGGER record_birth AFTER INSERT ON public.operation FOR EACH ROW EXECUTE FUNCTION public.record_move();


-- trigger outbound_message record_birth

CREATE TRIGGER record_birth AFTER INSERT ON public.outbound_message FOR EACH ROW EXECUTE FUNCTION public.record_move('correlation_id');


-- trigger summary record_birth

CREATE TRIGGER record_birth AFTER INSERT ON public.summary FOR EACH ROW EXECUTE FUNCTION public.record_move('correlation_id');


-- trigger task record_birth

CREATE TRIGGER record_birth AFTER INSERT ON public.task FOR EACH ROW EXECUTE FUNCTION public.record_move('correlation_id');


-- trigger webhook_endpoint record_birth

CREATE TRIGGER record_birth AFTER INSERT ON public.webhook_endpoint FOR EACH ROW EXECUTE FUNCTION public.record_move();


-- trigger booking record_move

CREATE TRIGGER record_move AFTER UPDATE OF status ON public.booking FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.record_move('correlation_id');


-- trigger channel_account record_move

CREATE TRIGGER record_move AFTER UPDATE OF status ON public.channel_account FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.record_move();


-- trigger conversation record_move

CREATE TRIGGER record_move AFTER UPDATE OF status ON public.conversation FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.record_move();


-- trigger draft record_move

CREATE TRIGGER record_move AFTER UPDATE OF status ON public.draft FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.record_move();


-- trigger media record_move

CREATE TRIGGER record_move AFTER UPDATE OF status ON public.media FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.record_move();


-- trigger operation record_move

CREATE TRIGGER record_move AFTER UPDATE OF status ON public.operation FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.record_move();


-- trigger outbound_message record_move

CREATE TRIGGER record_move AFTER UPDATE OF status ON public.outbound_message FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.record_move('correlation_id');


-- trigger reminder record_move

CREATE TRIGGER record_move AFTER UPDATE OF status ON public.reminder FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.record_move();


-- trigger summary record_move

CREATE TRIGGER record_move AFTER UPDATE OF status ON public.summary FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.record_move('correlation_id');


-- trigger task record_move

CREATE TRIGGER record_move AFTER UPDATE OF status ON public.task FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.record_move('correlation_id');


-- trigger webhook_endpoint record_move

CREATE TRIGGER record_move AFTER UPDATE OF status ON public.webhook_endpoint FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.record_move();


-- trigger conversation record_parking

CREATE TRIGGER record_parking AFTER UPDATE OF parked_at ON public.conversation FOR EACH ROW WHEN (((old.parked_at IS NULL) <> (new.parked_at IS NULL))) EXECUTE FUNCTION public.record_parking();


-- trigger prompt_version record_prompt

CREATE TRIGGER record_prompt AFTER INSERT ON public.prompt_version FOR EACH ROW EXECUTE FUNCTION public.record_prompt();


-- trigger booking record_reschedule

CREATE TRIGGER record_reschedule AFTER UPDATE OF starts_at ON public.booking FOR EACH ROW WHEN (((old.starts_at <> new.starts_at) AND (new.status <> 'cancelled'::text))) EXECUTE FUNCTION public.record_reschedule();


-- fk constraint account_notice account_notice_channel_account_id_fkey

ALTER TABLE ONLY public.account_notice
    ADD CONSTRAINT account_notice_channel_account_id_fkey FOREIGN KEY (channel_account_id) REFERENCES public.channel_account(id);


-- fk constraint account_notice account_notice_tenant_id_fkey

ALTER TABLE ONLY public.account_notice
    ADD CONSTRAINT account_notice_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint activity_minute activity_minute_tenant_id_fkey

ALTER TABLE ONLY public.activity_minute
    ADD CONSTRAINT activity_minute_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint agent agent_channel_account_id_fkey

ALTER TABLE ONLY public.agent
    ADD CONSTRAINT agent_channel_account_id_fkey FOREIGN KEY (channel_account_id) REFERENCES public.channel_account(id);


-- fk constraint agent agent_prompt_id_fkey

ALTER TABLE ONLY public.agent
    ADD CONSTRAINT agent_prompt_id_fkey FOREIGN KEY (prompt_id) REFERENCES public.prompt(id);


-- fk constraint agent agent_tenant_id_fkey

ALTER TABLE ONLY public.agent
    ADD CONSTRAINT agent_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint api_key api_key_tenant_id_fkey

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint app_reply app_reply_channel_account_id_fkey

ALTER TABLE ONLY public.app_reply
    ADD CONSTRAINT app_reply_channel_account_id_fkey FOREIGN KEY (channel_account_id) REFERENCES public.channel_account(id);


-- fk constraint app_reply app_reply_conversation_id_fkey

ALTER TABLE ONLY public.app_reply
    ADD CONSTRAINT app_reply_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint app_reply app_reply_tenant_id_fkey

ALTER TABLE ONLY public.app_reply
    ADD CONSTRAINT app_reply_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint archive archive_channel_account_id_fkey

ALTER TABLE ONLY public.archive
    ADD CONSTRAINT archive_channel_account_id_fkey FOREIGN KEY (channel_account_id) REFERENCES public.channel_account(id);


-- fk constraint archive archive_new_agent_id_fkey

ALTER TABLE ONLY public.archive
    ADD CONSTRAINT archive_new_agent_id_fkey FOREIGN KEY (new_agent_id) REFERENCES public.agent(id);


-- fk constraint archive archive_old_agent_id_fkey

ALTER TABLE ONLY public.archive
    ADD CONSTRAINT archive_old_agent_id_fkey FOREIGN KEY (old_agent_id) REFERENCES public.agent(id);


-- fk constraint archive archive_tenant_id_fkey

ALTER TABLE ONLY public.archive
    ADD CONSTRAINT archive_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint audit_entry audit_entry_tenant_id_fkey

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint booking booking_contact_id_fkey

ALTER TABLE ONLY public.booking
    ADD CONSTRAINT booking_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES public.contact(id);


-- fk constraint booking booking_policy_id_fkey

ALTER TABLE ONLY public.booking
    ADD CONSTRAINT booking_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES public.reminder_policy(id);


-- fk constraint booking_source booking_source_policy_id_fkey

ALTER TABLE ONLY public.booking_source
    ADD CONSTRAINT booking_source_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES public.reminder_policy(id);


-- fk constraint booking_source booking_source_tenant_id_fkey

ALTER TABLE ONLY public.booking_source
    ADD CONSTRAINT booking_source_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint booking booking_tenant_id_fkey

ALTER TABLE ONLY public.booking
    ADD CONSTRAINT booking_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint booking_text booking_text_tenant_id_fkey

ALTER TABLE ONLY public.booking_text
    ADD CONSTRAINT booking_text_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint channel_account channel_account_tenant_id_fkey

ALTER TABLE ONLY public.channel_account
    ADD CONSTRAINT channel_account_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint console_session console_session_operator_id_fkey

ALTER TABLE ONLY public.console_session
    ADD CONSTRAINT console_session_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES public.operator(id) ON DELETE CASCADE;


-- fk constraint console_session console_session_tenant_id_fkey

ALTER TABLE ONLY public.console_session
    ADD CONSTRAINT console_session_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint contact_identity contact_identity_contact_id_fkey

ALTER TABLE ONLY public.contact_identity
    ADD CONSTRAINT contact_identity_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES public.contact(id) DEFERRABLE INITIALLY DEFERRED;


-- fk constraint contact_identity contact_identity_tenant_id_fkey

ALTER TABLE ONLY public.contact_identity
    ADD CONSTRAINT contact_identity_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint contact contact_merged_into_fkey

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.contact(id);


-- fk constraint contact contact_tenant_id_fkey

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint conversation conversation_archive_id_fkey

ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT conversation_archive_id_fkey FOREIGN KEY (archive_id) REFERENCES public.archive(id);


-- fk constraint conversation conversation_channel_account_id_fkey

ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT conversation_channel_account_id_fkey FOREIGN KEY (channel_account_id) REFERENCES public.channel_account(id);


-- fk constraint conversation conversation_contact_id_fkey

ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT conversation_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES public.contact(id) DEFERRABLE INITIALLY DEFERRED;


-- fk constraint conversation conversation_identity_id_fkey

ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT conversation_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES public.contact_identity(id);


-- fk constraint conversation conversation_tenant_id_fkey

ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT conversation_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint credit_account credit_account_tenant_id_fkey

ALTER TABLE ONLY public.credit_account
    ADD CONSTRAINT credit_account_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint credit_entry credit_entry_account_id_fkey

ALTER TABLE ONLY public.credit_entry
    ADD CONSTRAINT credit_entry_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.credit_account(id);


-- fk constraint credit_entry credit_entry_conversation_id_fkey

ALTER TABLE ONLY public.credit_entry
    ADD CONSTRAINT credit_entry_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint credit_entry credit_entry_reserve_id_reserved_fkey

ALTER TABLE ONLY public.credit_entry
    ADD CONSTRAINT credit_entry_reserve_id_reserved_fkey FOREIGN KEY (reserve_id, reserved) REFERENCES public.credit_entry(id, reserved);


-- fk constraint credit_entry credit_entry_tenant_id_fkey

ALTER TABLE ONLY public.credit_entry
    ADD CONSTRAINT credit_entry_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint credit_hold credit_hold_conversation_id_fkey

ALTER TABLE ONLY public.credit_hold
    ADD CONSTRAINT credit_hold_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint credit_hold credit_hold_id_fkey

ALTER TABLE ONLY public.credit_hold
    ADD CONSTRAINT credit_hold_id_fkey FOREIGN KEY (id) REFERENCES public.credit_entry(id);


-- fk constraint credit_hold credit_hold_tenant_id_fkey

ALTER TABLE ONLY public.credit_hold
    ADD CONSTRAINT credit_hold_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint delivery_attempt delivery_attempt_outbound_message_id_fkey

ALTER TABLE ONLY public.delivery_attempt
    ADD CONSTRAINT delivery_attempt_outbound_message_id_fkey FOREIGN KEY (outbound_message_id) REFERENCES public.outbound_message(id);


-- fk constraint draft draft_asked_by_fkey

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.outbound_message(id);


-- fk constraint draft draft_outbound_message_id_fkey

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_outbound_message_id_fkey FOREIGN KEY (outbound_message_id) REFERENCES public.outbound_message(id);


-- fk constraint draft draft_task_id_fkey

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task(id);


-- fk constraint draft draft_tenant_id_fkey

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint event event_tenant_id_fkey

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint extraction extraction_conversation_id_fkey

ALTER TABLE ONLY public.extraction
    ADD CONSTRAINT extraction_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint extraction extraction_tenant_id_fkey

ALTER TABLE ONLY public.extraction
    ADD CONSTRAINT extraction_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint handoff handoff_conversation_id_fkey

ALTER TABLE ONLY public.handoff
    ADD CONSTRAINT handoff_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint handoff handoff_tenant_id_fkey

ALTER TABLE ONLY public.handoff
    ADD CONSTRAINT handoff_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint idempotent_request idempotent_request_tenant_id_fkey

ALTER TABLE ONLY public.idempotent_request
    ADD CONSTRAINT idempotent_request_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint inbound_message inbound_message_channel_account_id_fkey

ALTER TABLE ONLY public.inbound_message
    ADD CONSTRAINT inbound_message_channel_account_id_fkey FOREIGN KEY (channel_account_id) REFERENCES public.channel_account(id);


-- fk constraint inbound_message inbound_message_conversation_id_fkey

ALTER TABLE ONLY public.inbound_message
    ADD CONSTRAINT inbound_message_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint inbound_message inbound_message_identity_id_fkey

ALTER TABLE ONLY public.inbound_message
    ADD CONSTRAINT inbound_message_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES public.contact_identity(id);


-- fk constraint inbound_message inbound_message_tenant_id_fkey

ALTER TABLE ONLY public.inbound_message
    ADD CONSTRAINT inbound_message_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint intake_answer intake_answer_conversation_id_fkey

ALTER TABLE ONLY public.intake_answer
    ADD CONSTRAINT intake_answer_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint intake_answer intake_answer_inbound_message_id_fkey

ALTER TABLE ONLY public.intake_answer
    ADD CONSTRAINT intake_answer_inbound_message_id_fkey FOREIGN KEY (inbound_message_id) REFERENCES public.inbound_message(id);


-- fk constraint intake_answer intake_answer_tenant_id_fkey

ALTER TABLE ONLY public.intake_answer
    ADD CONSTRAINT intake_answer_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint intake intake_conversation_id_fkey

ALTER TABLE ONLY public.intake
    ADD CONSTRAINT intake_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint intake intake_tenant_id_fkey

ALTER TABLE ONLY public.intake
    ADD CONSTRAINT intake_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint lead lead_conversation_id_fkey

ALTER TABLE ONLY public.lead
    ADD CONSTRAINT lead_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint lead lead_extraction_id_fkey

ALTER TABLE ONLY public.lead
    ADD CONSTRAINT lead_extraction_id_fkey FOREIGN KEY (extraction_id) REFERENCES public.extraction(id);


-- fk constraint lead lead_tenant_id_fkey

ALTER TABLE ONLY public.lead
    ADD CONSTRAINT lead_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint media media_inbound_message_id_fkey

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_inbound_message_id_fkey FOREIGN KEY (inbound_message_id) REFERENCES public.inbound_message(id);


-- fk constraint media media_tenant_id_fkey

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint message_template message_template_channel_account_id_fkey

ALTER TABLE ONLY public.message_template
    ADD CONSTRAINT message_template_channel_account_id_fkey FOREIGN KEY (channel_account_id) REFERENCES public.channel_account(id);


-- fk constraint message_template message_template_tenant_id_fkey

ALTER TABLE ONLY public.message_template
    ADD CONSTRAINT message_template_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint model_breaker model_breaker_told_tenant_id_fkey

ALTER TABLE ONLY public.model_breaker
    ADD CONSTRAINT model_breaker_told_tenant_id_fkey FOREIGN KEY (told_tenant_id) REFERENCES public.tenant(id);


-- fk constraint model_budget model_budget_tenant_id_fkey

ALTER TABLE ONLY public.model_budget
    ADD CONSTRAINT model_budget_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint model_call model_call_conversation_id_fkey

ALTER TABLE ONLY public.model_call
    ADD CONSTRAINT model_call_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint model_call model_call_tenant_id_fkey

ALTER TABLE ONLY public.model_call
    ADD CONSTRAINT model_call_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint model_minute model_minute_tenant_id_fkey

ALTER TABLE ONLY public.model_minute
    ADD CONSTRAINT model_minute_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint model_spend model_spend_tenant_id_fkey

ALTER TABLE ONLY public.model_spend
    ADD CONSTRAINT model_spend_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint model_thread model_thread_conversation_id_fkey

ALTER TABLE ONLY public.model_thread
    ADD CONSTRAINT model_thread_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint model_thread model_thread_tenant_id_fkey

ALTER TABLE ONLY public.model_thread
    ADD CONSTRAINT model_thread_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint notification notification_tenant_id_fkey

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint operation operation_tenant_id_fkey

ALTER TABLE ONLY public.operation
    ADD CONSTRAINT operation_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint operator operator_tenant_id_fkey

ALTER TABLE ONLY public.operator
    ADD CONSTRAINT operator_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint outbound_message outbound_message_channel_account_id_fkey

ALTER TABLE ONLY public.outbound_message
    ADD CONSTRAINT outbound_message_channel_account_id_fkey FOREIGN KEY (channel_account_id) REFERENCES public.channel_account(id);


-- fk constraint outbound_message outbound_message_conversation_id_fkey

ALTER TABLE ONLY public.outbound_message
    ADD CONSTRAINT outbound_message_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint outbound_message outbound_message_fallback_of_fkey

ALTER TABLE ONLY public.outbound_message
    ADD CONSTRAINT outbound_message_fallback_of_fkey FOREIGN KEY (fallback_of) REFERENCES public.outbound_message(id);


-- fk constraint outbound_message outbound_message_identity_id_fkey

ALTER TABLE ONLY public.outbound_message
    ADD CONSTRAINT outbound_message_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES public.contact_identity(id);


-- fk constraint outbound_message outbound_message_tenant_id_fkey

ALTER TABLE ONLY public.outbound_message
    ADD CONSTRAINT outbound_message_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint prompt prompt_tenant_id_fkey

ALTER TABLE ONLY public.prompt
    ADD CONSTRAINT prompt_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint prompt_version prompt_version_prompt_id_fkey

ALTER TABLE ONLY public.prompt_version
    ADD CONSTRAINT prompt_version_prompt_id_fkey FOREIGN KEY (prompt_id) REFERENCES public.prompt(id);


-- fk constraint prompt_version prompt_version_tenant_id_fkey

ALTER TABLE ONLY public.prompt_version
    ADD CONSTRAINT prompt_version_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint pseudonym pseudonym_conversation_id_fkey

ALTER TABLE ONLY public.pseudonym
    ADD CONSTRAINT pseudonym_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint pseudonym pseudonym_tenant_id_fkey

ALTER TABLE ONLY public.pseudonym
    ADD CONSTRAINT pseudonym_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint rate_bucket rate_bucket_tenant_id_fkey

ALTER TABLE ONLY public.rate_bucket
    ADD CONSTRAINT rate_bucket_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint reminder reminder_booking_id_fkey

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.booking(id);


-- fk constraint reminder reminder_outbound_message_id_fkey

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_outbound_message_id_fkey FOREIGN KEY (outbound_message_id) REFERENCES public.outbound_message(id);


-- fk constraint reminder_policy reminder_policy_tenant_id_fkey

ALTER TABLE ONLY public.reminder_policy
    ADD CONSTRAINT reminder_policy_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint reminder reminder_tenant_id_fkey

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint reply reply_conversation_id_fkey

ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint reply reply_outbound_message_id_fkey

ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_outbound_message_id_fkey FOREIGN KEY (outbound_message_id) REFERENCES public.outbound_message(id);


-- fk constraint reply reply_prompt_id_fkey

ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_prompt_id_fkey FOREIGN KEY (prompt_id) REFERENCES public.prompt(id);


-- fk constraint reply reply_tenant_id_fkey

ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint retention_policy retention_policy_tenant_id_fkey

ALTER TABLE ONLY public.retention_policy
    ADD CONSTRAINT retention_policy_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint retention_run retention_run_tenant_id_fkey

ALTER TABLE ONLY public.retention_run
    ADD CONSTRAINT retention_run_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint summary summary_contact_id_fkey

ALTER TABLE ONLY public.summary
    ADD CONSTRAINT summary_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES public.contact(id);


-- fk constraint summary summary_tenant_id_fkey

ALTER TABLE ONLY public.summary
    ADD CONSTRAINT summary_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint suppression suppression_tenant_id_fkey

ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint task task_contact_id_fkey

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES public.contact(id);


-- fk constraint task task_conversation_id_fkey

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);


-- fk constraint task task_follows_fkey

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_follows_fkey FOREIGN KEY (follows) REFERENCES public.task(id);


-- fk constraint task task_inbound_message_id_fkey

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_inbound_message_id_fkey FOREIGN KEY (inbound_message_id) REFERENCES public.inbound_message(id);


-- fk constraint task task_reminder_id_fkey

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_reminder_id_fkey FOREIGN KEY (reminder_id) REFERENCES public.outbound_message(id);


-- fk constraint task task_tenant_id_fkey

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint webchat_event webchat_event_inbound_message_id_fkey

ALTER TABLE ONLY public.webchat_event
    ADD CONSTRAINT webchat_event_inbound_message_id_fkey FOREIGN KEY (inbound_message_id) REFERENCES public.inbound_message(id) ON DELETE CASCADE;


-- fk constraint webchat_event webchat_event_outbound_message_id_fkey

ALTER TABLE ONLY public.webchat_event
    ADD CONSTRAINT webchat_event_outbound_message_id_fkey FOREIGN KEY (outbound_message_id) REFERENCES public.outbound_message(id) ON DELETE CASCADE;


-- fk constraint webchat_event webchat_event_session_id_fkey

ALTER TABLE ONLY public.webchat_event
    ADD CONSTRAINT webchat_event_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.webchat_session(id) ON DELETE CASCADE;


-- fk constraint webchat_event webchat_event_tenant_id_fkey

ALTER TABLE ONLY public.webchat_event
    ADD CONSTRAINT webchat_event_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint webchat_session webchat_session_channel_account_id_fkey

ALTER TABLE ONLY public.webchat_session
    ADD CONSTRAINT webchat_session_channel_account_id_fkey FOREIGN KEY (channel_account_id) REFERENCES public.channel_account(id);


-- fk constraint webchat_session webchat_session_identity_id_fkey

ALTER TABLE ONLY public.webchat_session
    ADD CONSTRAINT webchat_session_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES public.contact_identity(id) ON DELETE CASCADE;


-- fk constraint webchat_session webchat_session_tenant_id_fkey

ALTER TABLE ONLY public.webchat_session
    ADD CONSTRAINT webchat_session_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint webhook_delivery webhook_delivery_endpoint_id_fkey

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES public.webhook_endpoint(id) ON DELETE CASCADE;


-- fk constraint webhook_delivery webhook_delivery_event_id_fkey

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.webhook_event(id) ON DELETE CASCADE;


-- fk constraint webhook_delivery webhook_delivery_tenant_id_fkey

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint webhook_endpoint webhook_endpoint_tenant_id_fkey

ALTER TABLE ONLY public.webhook_endpoint
    ADD CONSTRAINT webhook_endpoint_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);


-- fk constraint webhook_event webhook_event_contact_id_fkey

ALTER TABLE ONLY public.webhook_event
    ADD CONSTRAINT webhook_event_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES public.contact(id);


-- fk constraint webhook_event webhook_event_tenant_id_fkey

ALTER TABLE ONLY public.webhook_event
    ADD CONSTRAINT webhook_event_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);
