-- Is any follow-up late?
-- Normal: late_by under five seconds.
-- If not: no worker runs the tick followups.take_due (ticks), or the queue is behind (queue_depth).
select id, title, status, kind, due_at, date_trunc('second', now() - due_at) as late_by
from task
where status in ('pending', 'due', 'executing') and due_at <= now()
order by due_at limit 20
