-- What was said last?
-- Normal: sent, delivered or read within seconds of created.
-- If not: queued and due says no worker delivers (workers); blocked, failed, unknown carry a reason.
select o.created_at, a.channel, o.kind, o.status, i.value as "to", o.payload ->> 'text' as text, o.reason
from outbound_message o
join channel_account a on a.id = o.channel_account_id
join contact_identity i on i.id = o.identity_id
where o.redacted_at is null
order by o.created_at desc limit 20
