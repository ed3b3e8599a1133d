-- why: who does not want to be written to is not written to, whatever is posted and whoever posts it.

create table suppression (
    id        uuid primary key default uuid_v7(),
    tenant_id uuid not null references tenant,
    channel   text not null,
    kind      text not null,
    value     text not null,
    scope     text not null default 'all' check (scope in ('all', 'marketing')),
    reason    text not null,
    source    text not null check (source in ('word', 'platform', 'unsubscribe', 'operator')),
    at        timestamptz not null,
    lifted_at timestamptz
);
comment on table suppression is 'An address that is not to be written to, from `at` until `lifted_at`. It holds for the address, whether a contact has it or not.';
comment on column suppression.scope is 'all: nothing; marketing: no marketing templates.';
comment on column suppression.source is 'word: they said so; platform: the vendor reports it; unsubscribe: the link in an e-mail; operator: by hand.';
create unique index suppression_live on suppression (tenant_id, channel, kind, value, scope) where lifted_at is null;
-- what the vendor reports late must not undo what was lifted after it
create index suppression_address on suppression (tenant_id, channel, kind, value);

-- the one answer to a STOP or START is a kind of its own: nothing else is said to a suppressed address
alter table outbound_message drop constraint outbound_message_kind_check;
alter table outbound_message add constraint outbound_message_kind_check
    check (kind in ('confirmation', 'clarification', 'reminder', 'consent')) not valid;
alter table outbound_message validate constraint outbound_message_kind_check;
