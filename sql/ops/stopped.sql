-- Which queues and accounts are stopped, since when, by whom, and how much waits for them?
-- Normal: none; or those that somebody works on right now.
-- If not: POST /v1/admin/queues/{name}/resume, POST /v1/channel-accounts/{id}/resume (or the console); new credentials
-- for one that is to be connected again.
select 'queue' as what, p.queue as name, 'paused' as status, p.paused_by as by_or_why, p.paused_at as since,
       null::timestamptz as goes_on, count(j.id) as waiting
from queue_pause p
left join procrastinate_jobs j on j.queue_name = p.queue and j.status = 'todo'
group by p.queue, p.paused_by, p.paused_at
union all
select 'account', a.channel || ' ' || a.id, a.status, a.reason, a.moved_at, a.resume_at,
       (select count(*) from outbound_message o where o.channel_account_id = a.id and o.status in ('queued', 'held'))
from channel_account a
where a.status in ('paused', 'reauth_required')
order by since
