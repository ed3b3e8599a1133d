-- why: a worker that was thinking while a person was erased may still write down what it thought; so it is erased twice.

alter table contact add column erase_again_at timestamptz;
comment on column contact.erase_again_at is 'When what was under way at the erasure has ended, and is erased, too.';
create index contact_erase_again on contact (erase_again_at) where erase_again_at is not null;

create table retention_policy (
    tenant_id  uuid not null references tenant,
    kind       text not null,
    days       int not null check (days between 1 and 3650),
    changed_at timestamptz not null,
    primary key (tenant_id, kind)
);
comment on table retention_policy is 'For how many days a tenant keeps a kind of body; no row: as the settings of the machine say.';
create index inbound_message_raw on inbound_message (received_at) where raw is not null;
