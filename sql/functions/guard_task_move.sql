-- why: whatever the program believes, a follow-up that is done never fires again.
create or replace function guard_task_move() returns trigger language plpgsql as $$
begin
  if not (new.status = any (case old.status
      when 'needs_clarification' then array['pending', 'cancelled', 'expired']
      when 'pending'             then array['due', 'snoozed', 'cancelled', 'needs_clarification', 'done']
      when 'snoozed'             then array['pending', 'cancelled', 'done']
      when 'due'                 then array['executing', 'cancelled', 'snoozed', 'failed']
      when 'executing'           then array['sending', 'failed', 'cancelled']
      when 'sending'             then array['done', 'failed']
      when 'failed'              then array['due', 'sending', 'done', 'cancelled']
      else array[]::text[]
    end)) then
    raise exception 'a task cannot move from % to %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace trigger guard_move before update of status on task
for each row when (old.status <> new.status) execute function guard_task_move();
