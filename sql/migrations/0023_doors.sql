-- why: businesses and their accounts are made by the API, under the names their own systems have for them.

alter table tenant
    add column external_id text,
    add column email       text;
comment on column tenant.external_id is 'What its own systems call it; null: only we know it.';
create unique index tenant_external_id on tenant (external_id) where external_id is not null;
create unique index tenant_email on tenant (lower(email)) where email is not null;
create index tenant_made on tenant (created_at, id);

alter table channel_account add column name text;
comment on column channel_account.name is 'What people see: a display name.';
-- an account that is removed keeps its past and gives its address free: its external_id says so
alter table channel_account drop constraint channel_account_status_check;
alter table channel_account add constraint channel_account_status_check
    check (status in ('active', 'paused', 'reauth_required', 'removed')) not valid;
alter table channel_account validate constraint channel_account_status_check;
create index channel_account_made on channel_account (tenant_id, created_at, id);

-- a follow-up that was made by the API has no message it was found in
alter table task alter column inbound_message_id drop not null;
create index task_made on task (tenant_id, created_at, id);
create index task_snoozed on task (due_at) where status = 'snoozed';

create index conversation_opened on conversation (tenant_id, opened_at, id);
create index inbound_message_conversation on inbound_message (conversation_id, received_at, id);
create index outbound_message_made on outbound_message (tenant_id, created_at, id);
create index event_tenant on event (tenant_id, id);

alter table outbound_message drop constraint outbound_message_kind_check;
alter table outbound_message add constraint outbound_message_kind_check check (kind ~ '^[a-z_]+$') not valid;
alter table outbound_message validate constraint outbound_message_kind_check;
