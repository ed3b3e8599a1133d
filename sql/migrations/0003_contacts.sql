-- why: messages come from people, and people have several addresses.

create table contact (
    id             uuid primary key default uuid_v7(),
    tenant_id      uuid not null references tenant,
    name           text,
    zone           text,
    tone           text,
    default_action text check (default_action in ('remind', 'remind_and_draft')),
    created_at     timestamptz not null
);
comment on table contact is 'A person who writes or is written to. null preferences fall back to the tenant''s.';
create index contact_tenant on contact (tenant_id, created_at);

create table contact_identity (
    id         uuid primary key default uuid_v7(),
    tenant_id  uuid not null references tenant,
    -- deferred: arrival inserts identities first (they decide who is new), contacts second
    contact_id uuid not null references contact deferrable initially deferred,
    channel    text not null,
    kind       text not null,
    value      text not null,
    created_at timestamptz not null,
    unique (tenant_id, channel, kind, value)
);
comment on table contact_identity is 'An address of a contact on a channel: phone, bsuid, igsid, email, webchat.';
create index contact_identity_contact on contact_identity (contact_id);
