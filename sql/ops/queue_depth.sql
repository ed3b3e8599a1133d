-- How many jobs wait, by queue and kind, and how long has the oldest waited?
-- Normal: a handful of todo, none older than a few seconds.
-- If not: is a worker alive (workers)? Start more workers: `make worker`.
select j.queue_name as queue, j.task_name as kind, j.status,
       count(*) as jobs,
       count(*) filter (where j.scheduled_at > now()) as waiting_for_a_retry,
       -- ids go up with time: the oldest is the least
       (select date_trunc('second', now() - min(e.at)) from procrastinate_events e
        where e.job_id = min(j.id) and e.type = 'deferred') as oldest
from procrastinate_jobs j
where j.status in ('todo', 'doing')
group by 1, 2, 3
order by 1, 2, 3
