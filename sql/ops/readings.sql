-- Which leads and summaries are late, and which could not be made?
-- Normal: none late by more than a minute, none failed.
-- If not: is a worker alive (workers)? The reason says what the model did; the next message or request tries again.
select what, id, status, reason, date_trunc('second', now() - due_at) as late
from (
  -- each in the order of the index that knows it; `union`: one that is late may have failed before
  (select 'lead' as what, id, 'due' as status, reason, due_at from lead
   where due_at < now() - interval '1 minute' order by due_at limit 50)
  union
  (select 'lead', id, case when due_at is null then 'not read' else 'due' end, reason, due_at from lead
   where reason is not null order by moved_at desc limit 50)
  union
  (select 'summary', id, status, reason, due_at from summary
   where status = 'waiting' and due_at < now() - interval '1 minute' order by due_at limit 50)
  union
  (select 'summary', id, status, reason, due_at from summary
   where status = 'running' and due_at < now() - interval '1 minute' order by moved_at limit 50)
  union
  (select 'summary', id, status, reason, due_at from summary
   where status = 'failed' order by moved_at desc limit 50)
) r
order by late desc nulls last
limit 50
