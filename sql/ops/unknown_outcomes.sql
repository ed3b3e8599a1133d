-- Of which messages does nobody know whether the provider took them?
-- Normal: none for longer than a few minutes; receipts settle them.
-- If not: look into the provider's own console. They are never sent again blindly.
select o.id, a.channel, a.external_id as account, o.kind, o.reason, o.moved_at as since, o.escalated_at
from outbound_message o
join channel_account a on a.id = o.channel_account_id
where o.status = 'unknown'
order by o.moved_at limit 100
