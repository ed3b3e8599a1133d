-- why: people write in fragments, a bot greets once, asks in order and hands over, and then a human leads.

alter table conversation
    add column quiet_until timestamptz,
    add column burst_at    timestamptz,
    add column woken_at    timestamptz,
    add column greeted_at  timestamptz;
comment on column conversation.quiet_until is 'Until when it waits for another fragment; every message moves it on. null: nothing is waited for.';
comment on column conversation.burst_at is 'When the first fragment came: nobody is waited for much longer than that.';
comment on column conversation.woken_at is 'When a job was queued after the quiet spell; null: none is under way.';
create index conversation_quiet on conversation (quiet_until) where quiet_until is not null and woken_at is null;

create table handoff (
    id              uuid primary key default uuid_v7(),
    tenant_id       uuid not null references tenant,
    conversation_id uuid not null references conversation,
    reason          text not null,
    summary         text not null,
    requested_at    timestamptz not null,
    taken_at        timestamptz,
    taken_by        text,
    ended_at        timestamptz,
    redacted_at     timestamptz
);
comment on table handoff is 'One time that a conversation went from the bot to a human, and what the human has to know.';
comment on column handoff.taken_by is 'The operator who took over; null: nobody yet.';
create unique index handoff_open on handoff (conversation_id) where ended_at is null;
create index handoff_tenant on handoff (tenant_id, requested_at);
create index handoff_bodies on handoff (requested_at) where redacted_at is null;

create table reply (
    id                  uuid primary key default uuid_v7(),
    tenant_id           uuid not null references tenant,
    conversation_id     uuid not null references conversation,
    upto_seq            bigint not null,
    outbound_message_id uuid references outbound_message,
    contextual          boolean not null,
    fallback            text,
    model               text,
    prompt_version      text not null,
    prompt_id           uuid references prompt,
    prompt_number       int,
    input_tokens        int not null,
    output_tokens       int not null,
    request_id          text,
    created_at          timestamptz not null,
    unique (conversation_id, upto_seq)
);
comment on table reply is 'How one answer of the bot came about.';
comment on column reply.contextual is 'It quotes the message it answers.';
comment on column reply.fallback is 'Why the model''s words were not used; null: they were.';
comment on column reply.prompt_number is 'The version of the tenant''s prompt; null: the default one.';

create table intake (
    id              uuid primary key default uuid_v7(),
    tenant_id       uuid not null references tenant,
    conversation_id uuid not null unique references conversation,
    asked           text,
    times           int not null default 0,
    completed_at    timestamptz,
    moved_at        timestamptz not null
);
comment on table intake is 'Where a conversation stands in its agent''s questions: the one asked last, and how often in a row.';

create table intake_answer (
    id                 uuid primary key default uuid_v7(),
    tenant_id          uuid not null references tenant,
    conversation_id    uuid not null references conversation,
    inbound_message_id uuid not null references inbound_message,
    key                text not null,
    value              text not null,
    created_at         timestamptz not null,
    redacted_at        timestamptz,
    unique (conversation_id, key)
);
comment on table intake_answer is 'What a person answered to one question, as it was read.';
create index intake_answer_bodies on intake_answer (created_at) where redacted_at is null;

-- which kinds there are is said once, in concierge/outbox/model.py
alter table outbound_message drop constraint outbound_message_kind_check;
alter table outbound_message add constraint outbound_message_kind_check check (kind ~ '^[a-z_]+$') not valid;
alter table outbound_message validate constraint outbound_message_kind_check;
