-- why: what was forgotten, and when, can be shown afterwards.

create table retention_run (
    id         uuid primary key default uuid_v7(),
    tenant_id  uuid not null references tenant,
    asked_by   text,
    counts     jsonb not null default '{}',
    started_at timestamptz not null,
    ended_at   timestamptz,
    unique (tenant_id, started_at)
);
comment on table retention_run is 'One round of retention over one tenant: one that took something, or that somebody asked for.';
comment on column retention_run.asked_by is 'operator:<login> or key:<name>; null: it came by itself.';
comment on column retention_run.counts is 'Rows by kind, counted in the transactions that redacted them.';
comment on column retention_run.ended_at is 'Null while it runs, and for good where its process died.';
create index retention_run_open on retention_run (started_at) where ended_at is null;
