-- why: a provider's limit holds for all workers together, so what is left of it is a row.

create table rate_bucket (
    tenant_id uuid not null references tenant,
    key       text not null,
    tat       timestamptz not null,
    line      timestamptz not null,
    primary key (tenant_id, key)
) with (fillfactor = 50);  -- taken from again and again: tat stays out of every index, and updates stay on their page
comment on table rate_bucket is 'A GCRA bucket. Absent is the same as full: old ones are deleted.';
comment on column rate_bucket.tat is 'The theoretical arrival time: when everything taken so far is paid for.';
comment on column rate_bucket.line is 'The last place given to a message that has to wait; newcomers come after it.';
create index rate_bucket_old on rate_bucket (line);

alter table tenant add column send_gap_seconds double precision check (send_gap_seconds > 0);
comment on column tenant.send_gap_seconds is 'Least time between two messages of the tenant, over all its accounts; null: none.';

alter table outbound_message add column place_at timestamptz;
comment on column outbound_message.place_at is 'Its place in the line of those that are paced; kept until it is sent.';

-- a sender that was told to rest goes on by itself
alter table channel_account add column resume_at timestamptz;
comment on column channel_account.resume_at is 'When a paused account goes on by itself; null: when somebody resumes it.';
create index channel_account_resting on channel_account (resume_at) where resume_at is not null;
