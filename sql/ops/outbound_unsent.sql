-- What has not been sent, and why?
-- Normal: paced and held ones with a time that comes; nothing blocked for want of a template.
-- If not: docs/outbound.md says what ends each state. At most 10,000 of each state are looked at, the next ones first.
select o.status, coalesce(o.reason, case when a.status <> 'active' then 'account ' || a.status end) as reason, a.channel,
       a.external_id as account, o.kind, count(*) as messages, min(o.created_at) as oldest, min(o.wake_at) as next
from (
  -- each in the order of the index that knows it
  (select status, reason, kind, channel_account_id, created_at, wake_at from outbound_message
   where status = 'queued' and wake_at is null order by due_at limit 10000)
  union all
  (select status, reason, kind, channel_account_id, created_at, wake_at from outbound_message
   where status = 'queued' and wake_at is not null order by wake_at limit 10000)
  union all
  (select status, reason, kind, channel_account_id, created_at, wake_at from outbound_message
   where status = 'held' order by wake_at limit 10000)
  union all
  (select status, reason, kind, channel_account_id, created_at, wake_at from outbound_message
   where status = 'blocked' order by tenant_id, moved_at limit 10000)
) o
join channel_account a on a.id = o.channel_account_id
group by 1, 2, 3, 4, 5
order by messages desc limit 100
