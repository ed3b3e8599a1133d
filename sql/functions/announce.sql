-- why: an event for the tenant's endpoints is written by the transaction of what happened, or not at all. Where no
-- endpoint wants it, which is nearly always, this costs one look into a small index. `words` are what people wrote:
-- they are kept only where an endpoint includes text.
create or replace function announce(
    tenant uuid, type text, subject uuid, data jsonb, words jsonb, now_at timestamptz
) returns void
language plpgsql as $$
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

-- Moves of follow-ups and messages, also those made by a set-based tick or by hand. What lasts for seconds is not told.
create or replace function announce_task() returns trigger language plpgsql as $$
begin
  perform announce(new.tenant_id, 'task.' || new.status, new.id, jsonb_build_object(
      'id', new.id, 'contact_id', new.contact_id, 'conversation_id', new.conversation_id, 'kind', new.kind,
      'status', new.status, 'previous_status', case when tg_op = 'UPDATE' then old.status end, 'reason', new.reason,
      'due_at', new.due_at, 'zone', new.zone),
    jsonb_build_object('title', new.title), new.moved_at);
  return null;
end $$;

create or replace function announce_outbound() returns trigger language plpgsql as $$
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

create or replace trigger announce_birth after insert on task
for each row execute function announce_task();
create or replace trigger announce_move after update of status on task
for each row when (old.status <> new.status and new.status not in ('executing', 'sending'))
execute function announce_task();

create or replace trigger announce_birth after insert on outbound_message
for each row execute function announce_outbound();
create or replace trigger announce_move after update of status on outbound_message
for each row when (old.status <> new.status and new.status <> 'sending') execute function announce_outbound();
