-- why: the promise "kept once, handled in order" is a number in a row.

create table conversation (
    id                 uuid primary key default uuid_v7(),
    tenant_id          uuid not null references tenant,
    channel_account_id uuid not null references channel_account,
    contact_id         uuid not null references contact deferrable initially deferred,
    identity_id        uuid not null references contact_identity,
    status             text not null default 'bot' check (status in ('bot', 'handoff_requested', 'human', 'closed')),
    last_seq           bigint not null default 0,
    handled_seq        bigint not null default 0,
    opened_at          timestamptz not null,
    last_message_at    timestamptz not null,
    parked_at          timestamptz,
    parked_reason      text,
    swept              int not null default 0,
    retry_at           timestamptz,
    retries            int not null default 0,
    check (handled_seq <= last_seq)
);
comment on table conversation is 'One contact on one account, from opening to close. Messages up to handled_seq are handled; last_seq is the newest.';
comment on column conversation.parked_at is 'Handling failed for good; waits for an operator or for the next message.';
comment on column conversation.retry_at is 'Handling failed for now (a model is away); the tick tries again then, the next message at once.';
comment on column conversation.swept is 'How often the sweep had to wake it since it last moved on.';
create unique index conversation_open on conversation (channel_account_id, contact_id) where status <> 'closed';
create index conversation_unhandled on conversation (last_message_at) where handled_seq < last_seq;
create index conversation_parked on conversation (tenant_id, parked_at) where parked_at is not null;
create index conversation_retry on conversation (retry_at) where retry_at is not null;
create index conversation_contact on conversation (contact_id);
create index conversation_tenant on conversation (tenant_id, last_message_at);

create table inbound_message (
    id                  uuid primary key default uuid_v7(),
    tenant_id           uuid not null references tenant,
    channel_account_id  uuid not null references channel_account,
    conversation_id     uuid not null references conversation,
    identity_id         uuid not null references contact_identity,
    seq                 bigint not null,
    provider_message_id text not null,
    kind                text not null,
    text                text not null,
    subject             text,
    quotes              text,
    automated           text,
    sent_at             timestamptz not null,
    received_at         timestamptz not null,
    raw                 bytea,
    correlation_id      text,
    redacted_at         timestamptz,
    unique (channel_account_id, provider_message_id),
    unique (conversation_id, seq)
);
comment on table inbound_message is 'One message that came in, kept as it came (raw) and as it reads (text).';
create index inbound_message_bodies on inbound_message (received_at) where redacted_at is null;

create table unrouted_message (
    id                  uuid primary key default uuid_v7(),
    channel             text not null,
    external_id         text not null,
    provider_message_id text not null,
    reason              text not null check (reason in ('unknown_account', 'unknown_sender', 'unstorable')),
    detail              text,
    raw                 bytea,
    received_at         timestamptz not null,
    redacted_at         timestamptz,
    unique (channel, external_id, provider_message_id)
);
comment on table unrouted_message is 'Authentic, but nobody''s: kept for an operator, answered with 200 so that the provider stops repeating it.';
create index unrouted_message_bodies on unrouted_message (received_at) where redacted_at is null;
