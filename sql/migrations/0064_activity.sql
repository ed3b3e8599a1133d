-- why: what a day looked like is drawn from a few thousand rows, however many messages there were.

create table activity_minute (
    tenant_id uuid not null references tenant,
    minute    timestamptz not null,
    channel   text not null,
    received  integer not null default 0,
    made      integer not null default 0,
    sent      integer not null default 0,
    failed    integer not null default 0,
    unknown   integer not null default 0,
    primary key (tenant_id, minute, channel)
);
comment on table activity_minute is 'How many messages came and went in a minute, counted anew by a tick until a quarter of an hour later.';
comment on column activity_minute.made is 'Messages posted in this minute; sent, failed and unknown are what became of them.';
create index activity_minute_age on activity_minute (minute);

create table model_minute (
    tenant_id      uuid not null references tenant,
    minute         timestamptz not null,
    provider       text not null,
    asked          integer not null,
    unanswered     integer not null,
    cost_micro_usd bigint not null,
    latency_ms     bigint not null,
    slowest_ms     integer not null,
    primary key (tenant_id, minute, provider)
);
comment on table model_minute is 'What models were asked in a minute. latency_ms is the sum over all questions.';
create index model_minute_age on model_minute (minute);

-- the pages of follow-ups: what is open, the next due first
create index task_agenda on task (tenant_id, due_at, id)
    where status in ('needs_clarification', 'pending', 'snoozed', 'due', 'executing', 'sending', 'failed');
