-- why: nobody wants to be reminded at three in the morning, and nobody wants to be reminded of what is over.

alter table tenant add column quiet_from time, add column quiet_until time;
alter table tenant add constraint tenant_quiet check ((quiet_from is null) = (quiet_until is null));
alter table contact add column quiet_from time, add column quiet_until time;
alter table contact add constraint contact_quiet check ((quiet_from is null) = (quiet_until is null));
comment on column tenant.quiet_from is 'On the wall clock of the contact: from then until quiet_until only answers are sent.';
comment on column contact.quiet_from is 'Before the tenant''s. Equal to quiet_until: never quiet.';

alter table outbound_message add column expires_at timestamptz;
comment on column outbound_message.expires_at is 'Not to be sent any more from then on; null: never too late.';
create index outbound_message_held on outbound_message (wake_at) where status = 'held';
create index outbound_message_expiring on outbound_message (expires_at)
    where status in ('queued', 'held') and expires_at is not null;
