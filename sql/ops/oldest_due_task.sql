-- Is any follow-up late?
-- Normal: late_by under five seconds.
-- If not: no worker runs the tick followups.take_due (ticks), or the queue is behind (queue_depth).
select id, title, status, kind, due_at, date_trunc('second', now() - due_at) as late_by
from (
  (select id, title, status, kind, due_at from task
   where status = 'pending' and due_at <= now() order by due_at limit 20)
  union all
  (select id, title, status, kind, due_at from task
   where status in ('due', 'executing') and due_at <= now() order by moved_at limit 1000)
) late
order by due_at limit 20
