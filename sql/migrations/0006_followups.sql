-- why: the thing to be done later, and what a model read to find it.

create table extraction (
    id              uuid primary key default uuid_v7(),
    tenant_id       uuid not null references tenant,
    conversation_id uuid not null references conversation,
    upto_seq        bigint not null,
    model           text not null,
    prompt_version  text not null,
    reading         jsonb,
    input_tokens    int not null,
    output_tokens   int not null,
    request_id      text,
    created_at      timestamptz not null,
    redacted_at     timestamptz,
    unique (conversation_id, upto_seq)
);
comment on table extraction is 'One model reading of the messages of a turn.';
create index extraction_bodies on extraction (created_at) where redacted_at is null;

create table task (
    id                 uuid primary key default uuid_v7(),
    tenant_id          uuid not null references tenant,
    contact_id         uuid not null references contact,
    conversation_id    uuid not null references conversation,
    inbound_message_id uuid not null references inbound_message,
    title              text not null,
    kind               text not null check (kind in ('remind', 'remind_and_draft')),
    status             text not null check (status in (
                           'needs_clarification', 'pending', 'snoozed', 'due', 'executing', 'sending',
                           'done', 'failed', 'cancelled', 'expired')),
    reason             text,
    due_at             timestamptz,
    zone               text not null,
    wall               timestamp,
    grain              text,
    quote              text,
    draft              text,
    reminder_id        uuid references outbound_message,
    round              int not null default 1,
    correlation_id     text,
    created_at         timestamptz not null,
    moved_at           timestamptz not null,
    redacted_at        timestamptz,
    check (status in ('needs_clarification', 'cancelled', 'expired', 'failed') or due_at is not null)
);
comment on table task is 'A follow-up. due_at is the instant; zone and wall are what the person meant by it.';
comment on column task.round is 'Counts executions: a retry by hand is a new round with a reminder of its own.';
create index task_due on task (due_at) where status = 'pending';
create index task_working on task (moved_at) where status in ('due', 'executing');
create index task_sending on task (reminder_id) where status = 'sending';
create index task_unanswered on task (created_at) where status = 'needs_clarification';
create index task_asked on task (conversation_id, created_at) where status = 'needs_clarification';
create index task_failed on task (tenant_id, moved_at) where status = 'failed';
create index task_failed_lately on task (moved_at) where status = 'failed' and reminder_id is not null;
create index task_contact on task (contact_id);
create index task_bodies on task (moved_at) where redacted_at is null and status in ('done', 'failed', 'cancelled', 'expired');
