-- Which reminders of bookings were not sent in the last week, and why?
-- Normal: some that a later one overtook after an outage.
-- If not: the reason says it; a failed message can be retried (POST /admin/outbox/{id}/retry) until its appointment begins.
select r.moved_at, r.booking_id, r.n, r.status, r.reason, r.due_at, b.starts_at, r.outbound_message_id
from reminder r join booking b on b.id = r.booking_id
where r.status in ('failed', 'skipped') and r.moved_at > now() - interval '7 days'
order by r.moved_at desc limit 100
