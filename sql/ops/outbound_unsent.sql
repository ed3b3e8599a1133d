-- What has not been sent, and why?
-- Normal: paced and held ones with a time that comes; nothing blocked for want of a template.
-- If not: docs/outbound.md says what ends each state.
select o.status, coalesce(o.reason, case when a.status <> 'active' then 'account ' || a.status end) as reason, a.channel,
       a.external_id as account, o.kind, count(*) as messages, min(o.created_at) as oldest, min(o.wake_at) as next
from outbound_message o
join channel_account a on a.id = o.channel_account_id
where o.status in ('queued', 'held', 'blocked')
group by 1, 2, 3, 4, 5
order by messages desc limit 100
