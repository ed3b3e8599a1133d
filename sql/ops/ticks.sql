-- When did each tick come last, and when does it come next?
-- Normal: nothing is overdue, the last run succeeded (null: its job was cleared away, after ten minutes).
-- If not: no worker is running (workers), or the tick fails; look for its name in the worker's log.
select t.name as tick, t.period as every, to_timestamp(l.defer_timestamp) as last, l.status as went, w.wanted_at as next,
       case when w.wanted_at < now() - interval '1 minute' then date_trunc('second', now() - w.wanted_at) end as overdue_by
from tick t
left join lateral (
  select p.defer_timestamp, j.status
  from procrastinate_periodic_defers p left join procrastinate_jobs j on j.id = p.job_id
  where p.task_name = t.name order by p.defer_timestamp desc limit 1
) l on true
cross join lateral (
  -- after it came, or after a worker last said that there is such a tick
  select date_bin(t.period, greatest(to_timestamp(l.defer_timestamp), t.declared_at), 'epoch'::timestamptz + t.past)
         + t.period as wanted_at
) w
order by overdue_by desc nulls last, t.name
