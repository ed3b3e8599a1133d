-- Which jobs were started and never finished?
-- Normal: none older than two minutes; the rescue tick requeues jobs of dead workers within half a minute.
-- If not: no worker is running the ticks (workers), or the same job kills its worker again and again (attempts).
select j.id, j.task_name as kind, j.args, j.attempts, j.worker_id,
       date_trunc('second', now() - max(e.at)) as running_for,
       date_trunc('second', now() - w.last_heartbeat) as worker_silent_for
from procrastinate_jobs j
left join procrastinate_workers w on w.id = j.worker_id
left join procrastinate_events e on e.job_id = j.id and e.type = 'started'
where j.status = 'doing'
group by j.id, w.last_heartbeat
having w.last_heartbeat is null or w.last_heartbeat < now() - interval '30 seconds'
    or max(e.at) < now() - interval '2 minutes'
order by max(e.at)
