-- why: a message is kept at once; the files that came with it are fetched when there is time, and forgotten in time.

create table media (
    id                 uuid primary key default uuid_v7(),
    tenant_id          uuid not null references tenant,
    inbound_message_id uuid not null references inbound_message,
    n                  int not null,
    kind               text not null,
    locator            text not null,
    mime_type          text,
    filename           text,
    size               bigint,
    sha256             text,
    status             text not null default 'pending' check (status in (
                           'pending', 'stored', 'refused', 'failed', 'expiring', 'gone')),
    reason             text,
    location           text,
    tries              int not null default 0,
    due_at             timestamptz not null,
    wake_at            timestamptz not null,
    created_at         timestamptz not null,
    moved_at           timestamptz not null,
    unique (inbound_message_id, n)
);
comment on table media is 'The n-th file that came with a message. Its bytes are in the file store, at location.';
comment on column media.locator is 'Where the vendor has it; only its channel understands this.';
comment on column media.size is 'Bytes: as the vendor said, and as counted once it is stored; so with sha256, in hexadecimal.';
comment on column media.location is 'Name in the file store, on record before the file is: no file is ever without a row.';
comment on column media.due_at is 'Not to be fetched before: after a setback the wait, while it is fetched the lease.';
comment on column media.wake_at is 'When the tick queues a job for it, should none have come.';
create index media_wake on media (wake_at) where status = 'pending';
create index media_bodies on media (created_at) where status in ('pending', 'stored', 'refused', 'failed');
create index media_expiring on media (moved_at) where status = 'expiring';
create index media_failed on media (tenant_id, moved_at) where status = 'failed';
