-- why: every transition is an event, also the ones made by a set-based tick or by hand in psql.
-- Its argument says that the table has a correlation_id: to look for one in to_jsonb(new) would make JSON of a whole row,
-- its body and all, for every move there is.
create or replace function record_move() returns trigger language plpgsql as $$
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

create or replace trigger record_birth after insert on task
for each row execute function record_move('correlation_id');
create or replace trigger record_move after update of status on task
for each row when (old.status <> new.status) execute function record_move('correlation_id');

create or replace trigger record_birth after insert on outbound_message
for each row execute function record_move('correlation_id');
create or replace trigger record_move after update of status on outbound_message
for each row when (old.status <> new.status) execute function record_move('correlation_id');

create or replace trigger record_move after update of status on channel_account
for each row when (old.status <> new.status) execute function record_move();

create or replace trigger record_birth after insert on media
for each row execute function record_move();
create or replace trigger record_move after update of status on media
for each row when (old.status <> new.status) execute function record_move();

create or replace trigger record_birth after insert on summary
for each row execute function record_move('correlation_id');
create or replace trigger record_move after update of status on summary
for each row when (old.status <> new.status) execute function record_move('correlation_id');

create or replace trigger record_move after update of status on conversation
for each row when (old.status <> new.status) execute function record_move();

create or replace trigger record_birth after insert on webhook_endpoint
for each row execute function record_move();
create or replace trigger record_move after update of status on webhook_endpoint
for each row when (old.status <> new.status) execute function record_move();

create or replace trigger record_birth after insert on draft
for each row execute function record_move();
create or replace trigger record_move after update of status on draft
for each row when (old.status <> new.status) execute function record_move();

create or replace trigger record_birth after insert on operation
for each row execute function record_move();
create or replace trigger record_move after update of status on operation
for each row when (old.status <> new.status) execute function record_move();

-- A conversation has no single status for this: parked is beside who talks in it.
create or replace function record_parking() returns trigger language plpgsql as $$
begin
  insert into event (tenant_id, subject, subject_id, type, from_status, to_status, detail, at)
  values (new.tenant_id, 'conversation', new.id,
          case when new.parked_at is null then 'conversation.resumed' else 'conversation.parked' end,
          case when new.parked_at is null then 'parked' end, case when new.parked_at is not null then 'parked' end,
          new.parked_reason, coalesce(new.parked_at, clock_timestamp()));
  return null;
end $$;

create or replace trigger record_parking after update of parked_at on conversation
for each row when (old.parked_at is null <> (new.parked_at is null)) execute function record_parking();

create or replace trigger record_birth after insert on booking
for each row execute function record_move('correlation_id');
create or replace trigger record_move after update of status on booking
for each row when (old.status <> new.status) execute function record_move('correlation_id');

create or replace trigger record_move after update of status on reminder
for each row when (old.status <> new.status) execute function record_move();

-- A booking is moved to another time without a change of status, and that is what people ask about later.
create or replace function record_reschedule() returns trigger language plpgsql as $$
begin
  insert into event (tenant_id, subject, subject_id, type, from_status, to_status, detail, correlation_id, at)
  values (new.tenant_id, 'booking', new.id, 'booking.moved', new.status, new.status,
          format('from %s to %s %s', old.wall, new.wall, new.zone), new.correlation_id, new.moved_at);
  return null;
end $$;
create or replace trigger record_reschedule after update of starts_at on booking
for each row when (old.starts_at <> new.starts_at and new.status <> 'cancelled') execute function record_reschedule();
