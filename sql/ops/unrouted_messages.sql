-- What arrived that belongs to nobody?
-- Normal: nothing, or a test of the provider's.
-- If not: unknown_account: connect that account; unstorable: Postgres refused it, the raw bytes are kept.
select received_at, channel, external_id as account, reason, detail, provider_message_id, length(raw) as bytes
from unrouted_message
order by received_at desc limit 50
