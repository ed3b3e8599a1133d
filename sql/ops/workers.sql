-- Which workers are alive?
-- Normal: two rows a worker process (what may wait for a model, and the rest), silent for less than ten seconds.
-- If not: start one (`make worker`); a row that stays silent is buried by the next worker that starts.
select w.id, date_trunc('second', now() - w.last_heartbeat) as silent_for, count(j.id) as jobs_at_work
from procrastinate_workers w
left join procrastinate_jobs j on j.worker_id = w.id and j.status = 'doing'
group by w.id
order by w.id
