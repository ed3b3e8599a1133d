-- Which conversations were active last, and is anything in them unhandled?
-- Normal: unhandled is 0 within seconds of last_message_at.
-- If not: parked ones wait for an operator (POST /admin/conversations/{id}/retry), the others for a worker.
select c.id, a.channel, i.value as contact, c.status, c.last_seq - c.handled_seq as unhandled,
       c.last_message_at, c.parked_reason
from conversation c
join channel_account a on a.id = c.channel_account_id
join contact_identity i on i.id = c.identity_id
order by c.last_message_at desc limit 20
