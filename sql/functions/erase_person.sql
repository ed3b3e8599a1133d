-- why: one person is forgotten in all rooms at once. Rows that others count on stay, without words, names and addresses;
-- what was only read out of those words is deleted. Harmless to repeat. Arrival must be excluded by the caller.
--
-- A new table that refers to a contact, a conversation or one of their messages is erased here and exported in
-- export_person.sql; tests/schema/test_every_word_can_be_erased.py fails until it is.
create or replace function erase_person(tenant uuid, person uuid, now_at timestamptz) returns void
language plpgsql as $$
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
