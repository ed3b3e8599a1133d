-- why: a new text of a prompt changes every agent that goes by it, and stands on the timeline of each.
create or replace function record_prompt() returns trigger language plpgsql as $$
begin
  insert into event (tenant_id, subject, subject_id, type, from_status, to_status, detail, at)
  select new.tenant_id, 'agent', g.id, 'agent.changed', 'live', 'live',
         concat_ws(' ', 'prompt version ' || new.number, 'by ' || new.published_by), new.created_at
  from agent g
  where g.prompt_id = new.prompt_id and g.tenant_id = new.tenant_id and g.live;
  return null;
end $$;

create or replace trigger record_prompt after insert on prompt_version
for each row execute function record_prompt();
