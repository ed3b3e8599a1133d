-- why: a person may ask what is known about them. Everything, by table; without what only the machine can read.
create or replace function export_person(tenant uuid, person uuid) returns table (kind text, rows jsonb)
language sql stable as $$
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
