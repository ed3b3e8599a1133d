-- why: people work in the console, each with a login and a role of their own, and what they did is kept.

create table operator (
    id            uuid primary key default uuid_v7(),
    tenant_id     uuid not null references tenant,
    login         text not null unique check (login = lower(login)),
    name          text not null,
    role          text not null check (role in ('viewer', 'operator', 'admin')),
    password_hash text not null,
    platform      boolean not null default false,
    failures      integer not null default 0,
    locked_until  timestamptz,
    disabled_at   timestamptz,
    created_at    timestamptz not null
);
comment on table operator is 'A person who works in the console of one tenant. password_hash is Argon2id.';
comment on column operator.platform is 'Whether they also see the machine: queues, jobs and questions, which belong to no tenant.';
comment on column operator.failures is 'Wrong passwords since the last right one; every fifth locks the login for a while.';
create index operator_tenant on operator (tenant_id);

create table console_session (
    token_hash  bytea primary key,
    tenant_id   uuid not null references tenant,
    operator_id uuid not null references operator on delete cascade,
    csrf        text not null,
    created_at  timestamptz not null,
    seen_at     timestamptz not null,
    expires_at  timestamptz not null
);
comment on table console_session is 'A browser that is signed in. Only the SHA-256 of its cookie is kept.';
create index console_session_operator on console_session (operator_id);
create index console_session_expiry on console_session (expires_at);

create table audit_entry (
    id         uuid primary key default uuid_v7(),
    tenant_id  uuid not null references tenant,
    actor      text not null,
    action     text not null,
    subject    text not null,
    subject_id uuid,
    detail     text,
    created_at timestamptz not null
);
comment on table audit_entry is 'What a person or a key did on purpose. What happened to things stands in event.';
comment on column audit_entry.actor is 'operator:<login> or key:<name>; kept as a word, for it outlives both.';
create index audit_entry_newest on audit_entry (tenant_id, created_at desc, id desc);
