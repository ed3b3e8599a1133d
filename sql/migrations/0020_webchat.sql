-- why: a widget that comes back must be told what it missed, and nothing twice: so every message of a web chat, in or
-- out, has a number in one sequence (docs/decisions/0012-one-sequence-a-web-chat.md).

create table webchat_session (
    id                 uuid primary key default uuid_v7(),
    tenant_id          uuid not null references tenant,
    channel_account_id uuid not null references channel_account,
    identity_id        uuid not null references contact_identity on delete cascade,
    last_seq           bigint not null default 0,
    delivered_seq      bigint not null default 0,
    read_seq           bigint not null default 0,
    opened_at          timestamptz not null,
    unique (channel_account_id, identity_id),
    check (read_seq <= delivered_seq and delivered_seq <= last_seq)
);
comment on table webchat_session is 'One visitor of one widget, across tabs, devices and conversations. Its events are numbered up to last_seq.';
comment on column webchat_session.delivered_seq is 'What the widget says it has; read_seq is what it says was seen.';
create index webchat_session_identity on webchat_session (identity_id);

create table webchat_event (
    session_id          uuid not null references webchat_session on delete cascade,
    seq                 bigint not null,
    tenant_id           uuid not null references tenant,
    inbound_message_id  uuid unique references inbound_message on delete cascade,
    outbound_message_id uuid unique references outbound_message on delete cascade,
    primary key (session_id, seq),
    check (num_nonnulls(inbound_message_id, outbound_message_id) = 1)
);
comment on table webchat_event is 'The n-th thing a visitor sees. Holds no words: they stay, and are redacted, in the message it points to.';

-- a preflight names an origin and no widget
create index channel_account_origins on channel_account using gin ((settings -> 'origins')) where channel = 'webchat';
