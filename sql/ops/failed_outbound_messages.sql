-- Which messages could not be sent, and why?
-- Normal: none.
-- If not: mend the cause, then POST /admin/outbox/{id}/retry; the reason is the provider's own.
select o.id, a.channel, a.external_id as account, o.kind, o.reason, o.moved_at as failed_at,
       (select count(*) from delivery_attempt d where d.outbound_message_id = o.id) as attempts
from outbound_message o
join channel_account a on a.id = o.channel_account_id
where o.status = 'failed'
order by o.moved_at desc limit 100
