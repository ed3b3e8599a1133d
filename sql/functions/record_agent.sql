-- why: whoever wonders since when an agent behaves as it does, and who wanted it, finds it in the audit trail.
create or replace function record_agent() returns trigger language plpgsql as $$
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

create or replace trigger record_agent after insert or update on agent
for each row execute function record_agent();
