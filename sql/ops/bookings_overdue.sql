-- Which reminders of bookings are late?
-- Normal: none, or a few by some seconds.
-- If not: no worker runs the tick bookings.take_due (ticks), or the queue is behind (queue_depth).
select r.id, r.booking_id, b.service, r.status, r.due_at, date_trunc('second', now() - r.due_at) as late_by, b.starts_at
from reminder r join booking b on b.id = r.booking_id
where r.status in ('planned', 'due') and r.due_at <= now()
order by r.due_at limit 50
