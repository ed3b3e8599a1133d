-- why: operators are shown the messages nobody knows the fate of beside those that failed.
create index outbound_message_escalated on outbound_message (tenant_id, moved_at)
    where status = 'unknown' and escalated_at is not null;
