-- why: what has not been sent is listed latest first, and all of a backlog was sorted for a hundred rows of it

create index outbound_message_unsent on outbound_message (tenant_id, moved_at)
    where status in ('queued', 'held', 'blocked');
