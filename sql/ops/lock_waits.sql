-- Who waits for whom?
-- Normal: nothing.
-- If not: the blocker is usually a session left open by hand; pg_terminate_backend(blocker) frees the others.
select w.pid as waiting, w.application_name as waiting_name, date_trunc('second', now() - w.query_start) as waits_for,
       b.pid as blocker, b.application_name as blocker_name, b.state as blocker_state, left(b.query, 100) as blocker_query
from pg_stat_activity w
cross join lateral unnest(pg_blocking_pids(w.pid)) as blocking (pid)
join pg_stat_activity b on b.pid = blocking.pid
order by w.query_start
