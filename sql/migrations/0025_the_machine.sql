-- why: operators stop a queue without stopping workers, and act on everything that matches without waiting for it.

create table queue_pause (
    queue     text primary key,
    paused_by text not null,
    paused_at timestamptz not null
);
comment on table queue_pause is 'A queue whose jobs wait. Every worker looks here each second; a job that runs is not stopped.';
comment on column queue_pause.paused_by is 'key:<name> or operator:<login>.';

create table operation (
    id           uuid primary key default uuid_v7(),
    tenant_id    uuid not null references tenant,
    kind         text not null check (kind ~ '^[a-z_]+\.[a-z_]+$'),
    filter       jsonb not null,
    status       text not null default 'running' check (status in ('running', 'done', 'cancelled', 'failed')),
    total        integer not null,
    done         integer not null default 0,
    place        text,
    asked_by     text not null,
    reason       text,
    created_at   timestamptz not null,
    moved_at     timestamptz not null
);
comment on table operation is 'Something done to all that matches a filter: a job does it in batches, each with its mark in one transaction.';
comment on column operation.total is 'How many there were when it was asked for.';
comment on column operation.place is 'Where the next batch begins; null: at the beginning.';
comment on column operation.asked_by is 'key:<name> or operator:<login>.';
create index operation_newest on operation (tenant_id, created_at, id);
