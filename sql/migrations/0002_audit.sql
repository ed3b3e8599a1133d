-- why: every later table reports its moves here.

create table event (
    id             bigint generated always as identity primary key,
    tenant_id      uuid not null references tenant,
    subject        text not null,
    subject_id     uuid not null,
    type           text not null,
    from_status    text,
    to_status      text,
    detail         text,
    correlation_id text,
    at             timestamptz not null
);
comment on table event is 'One move of one thing. Append-only; written by the trigger record_move, so that no move goes unrecorded.';
create index event_subject on event (subject_id, id);

create table notification (
    id            uuid primary key default uuid_v7(),
    tenant_id     uuid not null references tenant,
    subject       text not null,
    subject_id    uuid not null,
    kind          text not null,
    text          text not null,
    created_at    timestamptz not null,
    snoozed_until timestamptz,
    acknowledged_at timestamptz
);
comment on table notification is 'Something a human should look at. One open notification per subject and kind.';
create unique index notification_open on notification (subject_id, kind) where acknowledged_at is null;
create index notification_tenant on notification (tenant_id, created_at);
