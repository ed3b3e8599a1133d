-- Which leads and summaries are late, and which could not be made?
-- Normal: none late by more than a minute, none failed.
-- If not: is a worker alive (workers)? The reason says what the model did; the next message or request tries again.
select 'lead' as what, l.id, case when l.due_at is null then 'not read' else 'due' end as status, l.reason,
       date_trunc('second', now() - l.due_at) as late
from lead l where l.reason is not null or l.due_at < now() - interval '1 minute'
union all
select 'summary', s.id, s.status, s.reason, date_trunc('second', now() - s.due_at)
from summary s
where s.status = 'failed' or (s.status in ('waiting', 'running') and s.due_at < now() - interval '1 minute')
order by late desc nulls last
limit 50
