-- why: an audit trail that can be edited proves nothing.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

-- An event may lose its words, when a person is erased; everything else in it stays for ever.
create or replace function refuse_change_of_event() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.detail is null and to_jsonb(new) - 'detail' = to_jsonb(old) - 'detail' then
    return new;
  end if;
  raise exception 'event is append-only' using errcode = 'restrict_violation';
end $$;

create or replace trigger append_only before update or delete on event
for each row execute function refuse_change_of_event();

create or replace trigger append_only_whole before truncate on event
for each statement execute function refuse_change();

create or replace trigger append_only before update or delete on credit_entry
for each row execute function refuse_change();

create or replace trigger append_only before update or delete on prompt_version
for each row execute function refuse_change();

create or replace trigger append_only before update or delete on audit_entry
for each row execute function refuse_change();
