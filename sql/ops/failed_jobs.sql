-- Which jobs failed for good in the last day?
-- Normal: none. What a job was about is parked as well, with a notification (notifications).
-- If not: read the worker's log at that time, mend the cause, retry the thing itself, not the job.
select j.id, j.task_name as kind, j.args, j.attempts, max(e.at) as failed_at
from (
  select id, task_name, args, attempts from procrastinate_jobs
  where status in ('failed', 'cancelled', 'aborted') and status <> 'cancelled' order by id desc limit 1000
) j
join procrastinate_events e on e.job_id = j.id and e.type in ('failed', 'aborted')
where e.at > now() - interval '1 day'
group by j.id, j.task_name, j.args, j.attempts
order by failed_at desc limit 100
