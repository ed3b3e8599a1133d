-- why: every transition is an event, also the ones made by a set-based tick or by hand in psql.
create or replace function record_move() returns trigger language plpgsql as $$
begin
  insert into event (tenant_id, subject, subject_id, type, from_status, to_status, detail, correlation_id, at)
  values (new.tenant_id, tg_table_name, new.id, tg_table_name || '.' || new.status,
          case when tg_op = 'UPDATE' then old.status end, new.status, new.reason,
          to_jsonb(new) ->> 'correlation_id', new.moved_at);
  return null;
end $$;

create or replace trigger record_birth after insert on task
for each row execute function record_move();
create or replace trigger record_move after update of status on task
for each row when (old.status <> new.status) execute function record_move();

create or replace trigger record_birth after insert on outbound_message
for each row execute function record_move();
create or replace trigger record_move after update of status on outbound_message
for each row when (old.status <> new.status) execute function record_move();

create or replace trigger record_move after update of status on channel_account
for each row when (old.status <> new.status) execute function record_move();

create or replace trigger record_birth after insert on media
for each row execute function record_move();
create or replace trigger record_move after update of status on media
for each row when (old.status <> new.status) execute function record_move();
