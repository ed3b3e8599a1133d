-- why: what went wrong is asked for by itself, and is rare among a million rows that went well; those pay nothing for it

create index reminder_not_sent on reminder (moved_at) where status in ('failed', 'skipped');

create index webhook_delivery_failed on webhook_delivery (endpoint_id, created_at, id) where status = 'failed';
