-- why: what must be said is a row before it is a network call.

create table outbound_message (
    id                  uuid primary key default uuid_v7(),
    position            bigint generated always as identity,
    tenant_id           uuid not null references tenant,
    channel_account_id  uuid not null references channel_account,
    conversation_id     uuid not null references conversation,
    identity_id         uuid not null references contact_identity,
    kind                text not null check (kind in ('confirmation', 'clarification', 'reminder')),
    dedupe_key          text not null,
    payload             jsonb not null,
    status              text not null default 'queued' check (status in (
                            'queued', 'held', 'blocked', 'sending', 'sent', 'delivered', 'read',
                            'failed', 'unknown', 'cancelled', 'expired')),
    reason              text,
    due_at              timestamptz not null,
    wake_at             timestamptz,
    tries               int not null default 0,
    provider_message_id text,
    receipt_at          timestamptz,
    escalated_at        timestamptz,
    correlation_id      text,
    created_at          timestamptz not null,
    moved_at            timestamptz not null,
    redacted_at         timestamptz,
    unique (tenant_id, dedupe_key)
);
comment on table outbound_message is 'One message out; payload is frozen when it is posted. dedupe_key makes one effect.';
comment on column outbound_message.position is 'Order within a conversation.';
comment on column outbound_message.due_at is 'Not to be tried before; moves on with every retry.';
comment on column outbound_message.wake_at is 'When the tick shall queue a job for it; null: a job was queued already.';
comment on column outbound_message.tries is 'Attempts since it was posted or retried by hand.';
comment on column outbound_message.escalated_at is 'An unknown outcome was handed to an operator.';

-- the head of a conversation's line
create index outbound_message_line on outbound_message (conversation_id, position) where status in ('queued', 'sending');
create index outbound_message_wake on outbound_message (wake_at) where status = 'queued' and wake_at is not null;
create index outbound_message_waiting on outbound_message (due_at) where status = 'queued' and wake_at is null;
create index outbound_message_sending on outbound_message (moved_at) where status = 'sending';
create index outbound_message_unknown on outbound_message (moved_at) where status = 'unknown' and escalated_at is null;
create index outbound_message_failed on outbound_message (tenant_id, moved_at) where status = 'failed';
create index outbound_message_escalated on outbound_message (tenant_id, moved_at)
    where status = 'unknown' and escalated_at is not null;
create unique index outbound_message_provider_id
    on outbound_message (channel_account_id, provider_message_id) where provider_message_id is not null;
create index outbound_message_receipts on outbound_message (channel_account_id, receipt_at) where receipt_at is not null;
create index outbound_message_conversation on outbound_message (conversation_id, created_at);
create index outbound_message_bodies on outbound_message (created_at) where redacted_at is null;

create table delivery_attempt (
    id                  uuid primary key default uuid_v7(),
    outbound_message_id uuid not null references outbound_message,
    n                   int not null,
    started_at          timestamptz not null,
    finished_at         timestamptz,
    outcome             text check (outcome in ('accepted', 'not_accepted', 'refused', 'unknown', 'account_stopped')),
    error_code          text,
    error               text,
    response            text,
    unique (outbound_message_id, n)
);
comment on table delivery_attempt is 'One provider call, committed before the call. Without an outcome, nobody knows whether it was made.';
