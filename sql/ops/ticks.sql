-- When did each tick run last?
-- Normal: as often as its name says in docs/operating.md, the last run succeeded.
-- If not: no worker is running, or the tick fails; look for its name in the worker's log.
select j.task_name as tick, max(e.at) as last_end,
       count(*) filter (where e.type = 'succeeded') as succeeded,
       count(*) filter (where e.type = 'failed') as failed
from procrastinate_jobs j
join procrastinate_events e on e.job_id = j.id and e.type in ('succeeded', 'failed')
where j.queue_name = 'ticks'
group by 1
order by 1
