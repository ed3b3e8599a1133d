-- why: pages of a rare state, however many rows there are in the common ones. A row comes here only when something is
-- out of the ordinary, so that what goes well pays nothing for it.

create index outbound_message_rare on outbound_message (tenant_id, status, created_at, id)
    where status in ('scheduled', 'held', 'blocked', 'failed', 'unknown', 'cancelled', 'expired');

create index task_rare on task (tenant_id, status, created_at, id)
    where status in ('needs_clarification', 'snoozed', 'failed', 'cancelled', 'expired');

-- procrastinate has indexes for what waits and what runs, and none for what was given up
create index procrastinate_jobs_given_up on procrastinate_jobs (id)
    where status in ('failed', 'cancelled', 'aborted');

comment on table activity_minute is
    'How many messages came and went in a minute; a tick counts it anew for a quarter of an hour, and what became of them for a day.';
