-- Which conversations were active last, and is anything in them unhandled?
-- Normal: unhandled is 0 within seconds of last_message_at.
-- If not: parked ones wait for an operator (POST /admin/conversations/{id}/retry), the others for a worker.
select c.id, a.channel, i.value as contact, c.status, c.last_seq - c.handled_seq as unhandled,
       c.last_message_at, c.parked_reason
from channel_account a
cross join unnest(array['bot', 'handoff_requested', 'human', 'closed']) as s (status)
-- the last ones of each account and state, by the index of the inbox
cross join lateral (
  select id, status, identity_id, last_seq, handled_seq, last_message_at, parked_reason from conversation
  where channel_account_id = a.id and status = s.status
  order by last_message_at desc limit 20
) c
join contact_identity i on i.id = c.identity_id
order by c.last_message_at desc limit 20
