-- why: what was said to and by a business is read as one list, newest first.
create index inbound_message_tenant on inbound_message (tenant_id, received_at, id);
