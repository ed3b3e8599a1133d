-- why: an operator acts on everything that matches a filter; that takes a while, and must survive a restart.

create table bulk_action (
    id          uuid primary key default uuid_v7(),
    tenant_id   uuid not null references tenant,
    action      text not null check (action in ('retry', 'cancel')),
    wanted      text not null check (wanted in ('failed', 'blocked', 'unknown', 'scheduled', 'queued', 'held')),
    channel     text,
    status      text not null default 'running' check (status in ('running', 'done', 'stopped')),
    reason      text,
    actor       text not null,
    total       integer not null,
    done        integer not null default 0,
    refused     integer not null default 0,
    after_at    timestamptz not null default '1970-01-01T00:00:00Z',
    after_id    uuid not null default '00000000-0000-0000-0000-000000000000',
    created_at  timestamptz not null,
    moved_at    timestamptz not null
);
comment on table bulk_action is 'One action on every outbound message that was in a state when it was asked for.';
comment on column bulk_action.wanted is 'The state of the messages that are meant; only those made before created_at.';
comment on column bulk_action.total is 'How many matched when it was asked for, counted to a bound.';
comment on column bulk_action.refused is 'Messages that had moved on by themselves meanwhile.';
comment on column bulk_action.after_at is 'How far it has come, by (created_at, id) of the messages.';
create index bulk_action_running on bulk_action (moved_at) where status = 'running';
create index bulk_action_newest on bulk_action (tenant_id, created_at desc, id desc);
