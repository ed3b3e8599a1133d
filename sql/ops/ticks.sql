-- When did each tick come last, and when does it come next?
-- Normal: nothing is overdue, nothing fails.
-- If not: no worker is running (workers), or the tick fails; look for its name in the worker's log.
select t.name as tick, t.period as every, t.came_at as last, t.failing_since, t.error, w.wanted_at as next,
       case when w.wanted_at < now() - interval '1 minute' then date_trunc('second', now() - w.wanted_at) end as overdue_by
from tick t
cross join lateral (
  -- after it came, or after a worker last said that there is such a tick
  select date_bin(t.period, greatest(t.came_at, t.declared_at), 'epoch'::timestamptz + t.past) + t.period as wanted_at
) w
where t.declared_at = (select max(declared_at) from tick)  -- what an older version had is gone
order by overdue_by desc nulls last, t.failing_since, t.name
