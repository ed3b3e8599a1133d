-- why: everything belongs to a tenant, so tenants come first.

-- Version-7 ids sort by the time they were made. Postgres has uuidv7() only from 18 on, managed ones are older.
create function uuid_v7() returns uuid
language sql volatile parallel safe
return encode(
    set_bit(set_bit(
        overlay(uuid_send(gen_random_uuid())
                placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                from 1 for 6),
        52, 1), 53, 1),
    'hex')::uuid;

create table tenant (
    id              uuid primary key default uuid_v7(),
    name            text not null,
    zone            text not null default 'UTC',
    tone            text not null default 'friendly',
    default_action  text not null default 'remind' check (default_action in ('remind', 'remind_and_draft')),
    unknown_senders text not null default 'create' check (unknown_senders in ('create', 'ignore')),
    created_at      timestamptz not null default now()
);
comment on table tenant is 'A business that uses Concierge. zone, tone and default_action hold for contacts that chose nothing.';

create table api_key (
    id           uuid primary key default uuid_v7(),
    tenant_id    uuid not null references tenant,
    name         text not null,
    hash         bytea not null unique,
    scopes       text[] not null,
    created_at   timestamptz not null default now(),
    revoked_at   timestamptz
);
comment on table api_key is 'A key to the HTTP API. Only its SHA-256 is kept: keys are long and random, so no slow hash is needed.';
create index api_key_tenant on api_key (tenant_id);

create table channel_account (
    id          uuid primary key default uuid_v7(),
    tenant_id   uuid not null references tenant,
    channel     text not null,
    external_id text not null,
    transport   text not null,
    status      text not null default 'active' check (status in ('active', 'paused', 'reauth_required')),
    reason      text,
    signature   text not null default 'required' check (signature in ('required', 'off')),
    settings    jsonb not null default '{}',
    credentials bytea,
    created_at  timestamptz not null default now(),
    moved_at    timestamptz not null default now(),
    unique (channel, external_id)
);
comment on table channel_account is 'A number, handle, mailbox or widget of a tenant. credentials are encrypted outside the database.';
create index channel_account_tenant on channel_account (tenant_id);

create table agent (
    id                 uuid primary key default uuid_v7(),
    tenant_id          uuid not null references tenant,
    channel_account_id uuid not null references channel_account,
    name               text not null,
    skills             text[] not null,
    live               boolean not null default true,
    created_at         timestamptz not null default now()
);
comment on table agent is 'How a channel account behaves: its skills, in the order in which they think.';
create unique index agent_live on agent (channel_account_id) where live;
create index agent_tenant on agent (tenant_id);
