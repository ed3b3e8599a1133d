-- why: a business wants to be told what happens here, by its own systems, without asking again and again.

create table webhook_endpoint (
    id              uuid primary key default uuid_v7(),
    tenant_id       uuid not null references tenant,
    url             text not null,
    description     text not null default '',
    event_types     text[] not null,
    include_text    boolean not null default false,
    secret          bytea not null,
    old_secret      bytea,
    old_until       timestamptz,
    status          text not null default 'active' check (status in ('active', 'disabled')),
    reason          text,
    failing_since   timestamptz,
    busy_until      timestamptz,
    created_at      timestamptz not null,
    moved_at        timestamptz not null,
    check ((old_secret is null) = (old_until is null)),
    unique (tenant_id, id)
);
comment on table webhook_endpoint is 'A URL of a tenant that is told what happens. Secrets are encrypted outside the database.';
comment on column webhook_endpoint.event_types is 'Such as message.received, task.* or *.';
comment on column webhook_endpoint.include_text is 'Whether it is told what people wrote, beside ids and states.';
comment on column webhook_endpoint.old_secret is 'Signs beside the new one until old_until, so that a receiver can change over.';
comment on column webhook_endpoint.failing_since is 'The first failure after which nothing succeeded; null: it works.';
comment on column webhook_endpoint.busy_until is 'A job delivers to it now; should the job die, another one may begin then.';
create index webhook_endpoint_active on webhook_endpoint (tenant_id) where status = 'active';
create index webhook_endpoint_tenant on webhook_endpoint (tenant_id, created_at, id);

create table webhook_event (
    id         uuid primary key default uuid_v7(),
    tenant_id  uuid not null references tenant,
    type       text not null,
    subject_id uuid not null,
    contact_id uuid references contact,
    data       jsonb not null,
    words      jsonb,
    at         timestamptz not null
);
comment on table webhook_event is 'Something that endpoints are told. Written only where one wants it; frozen, so that every attempt says the same.';
comment on column webhook_event.id is 'The webhook-id: the same for every endpoint and every attempt.';
comment on column webhook_event.contact_id is 'Whom it is about: what is told about a person is erased with the person.';
comment on column webhook_event.data is 'Ids and states.';
comment on column webhook_event.words is 'What people wrote, for endpoints that include text; null where none does, and once it is redacted.';
create index webhook_event_contact on webhook_event (contact_id) where contact_id is not null;
create index webhook_event_old on webhook_event (at);

create table webhook_delivery (
    id            uuid primary key default uuid_v7(),
    tenant_id     uuid not null references tenant,
    endpoint_id   uuid not null references webhook_endpoint on delete cascade,
    event_id      uuid not null references webhook_event on delete cascade,
    status        text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
    attempts      int not null default 0,
    due_at        timestamptz not null,
    attempted_at  timestamptz,
    response_code int,
    last_error    text,
    created_at    timestamptz not null,
    moved_at      timestamptz not null,
    unique (endpoint_id, event_id)
);
comment on table webhook_delivery is 'One event for one endpoint, and how far it has come.';
comment on column webhook_delivery.due_at is 'Not to be tried before: after a failure the wait, during an attempt the lease.';
create index webhook_delivery_due on webhook_delivery (endpoint_id, due_at) where status = 'pending';
create index webhook_delivery_log on webhook_delivery (endpoint_id, created_at, id);
create index webhook_delivery_event on webhook_delivery (event_id);
create index webhook_delivery_tenant on webhook_delivery (tenant_id);
