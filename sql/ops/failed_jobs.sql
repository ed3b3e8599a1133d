-- Which jobs failed for good in the last day?
-- Normal: none. What a job was about is parked as well, with a notification (notifications).
-- If not: read the worker's log at that time, mend the cause, retry the thing itself, not the job.
select j.id, j.task_name as kind, j.args, j.attempts, max(e.at) as failed_at
from procrastinate_events e
join procrastinate_jobs j on j.id = e.job_id
where e.type in ('failed', 'aborted') and e.at > now() - interval '1 day' and j.status in ('failed', 'aborted')
group by j.id
order by failed_at desc limit 100
