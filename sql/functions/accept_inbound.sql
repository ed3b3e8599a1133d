-- why: a batch of messages is kept, numbered and given its wake-ups in one round trip and one transaction.
--
-- Locks are taken in one order everywhere (identities, then conversations, each sorted), so two web processes
-- that deliver the same people in different order wait for each other instead of deadlocking.
--
-- Addresses of one person that come together (`also_…`, by the number of their message) become identities of one contact.
-- Where they belong to two contacts already, the message is kept as its sender's, and `apart` tells the caller to merge
-- them (concierge/identities). Both take the advisory lock: merging alone, arrival shared, so that no contact moves
-- while its messages are being numbered.
--
-- Look-ups are lateral and limited, so that each is one descent of its unique index whatever the planner believes: a
-- plan made while the tables were small would otherwise read a tenant's people again for every message of a batch.
-- plan_cache_mode: planning these statements anew for every batch costs more than running them.
-- enable_seqscan: the foreign key from procrastinate_events to procrastinate_jobs is checked by a cached plan. Made
-- while the table is tiny it is a sequential scan, and a backlog then makes every insert slower than the last.
create or replace function accept_inbound(
    now_at timestamptz, accounts uuid[], address_kinds text[], address_values text[], names text[],
    provider_ids text[], kinds text[], texts text[], subjects text[], quoted text[], automation text[],
    sent timestamptz[], raws bytea[], correlations text[],
    also_ns int[], also_kinds text[], also_values text[], extras jsonb[]
) returns table (n bigint, status text, inbound_id uuid, apart boolean)
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
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
