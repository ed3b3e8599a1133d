-- How large are the tables?
-- Normal: procrastinate_jobs stays small (pruned), bodies shrink after RETENTION_DAYS.
-- If not: is worker.prune running (ticks)? dead_rows far above live_rows: autovacuum is behind.
select relname as "table", pg_size_pretty(pg_total_relation_size(relid)) as size,
       n_live_tup as live_rows, n_dead_tup as dead_rows, last_autovacuum
from pg_stat_user_tables
order by pg_total_relation_size(relid) desc limit 20
