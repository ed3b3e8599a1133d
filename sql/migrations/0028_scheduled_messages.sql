-- why: a business writes a message now that is to be said later, and may think better of it until then.

alter table outbound_message add column send_at timestamptz;
comment on column outbound_message.send_at is 'Not to be said before, as whoever posted it wished; null: at once.';
alter table outbound_message add column version int not null default 1;
comment on column outbound_message.version is 'Counts edits: who read it before one must not send what it read.';
alter table outbound_message drop constraint outbound_message_status_check;
alter table outbound_message add constraint outbound_message_status_check
    check (status in ('scheduled', 'queued', 'held', 'blocked', 'sending', 'sent', 'delivered', 'read',
                      'failed', 'unknown', 'cancelled', 'expired')) not valid;
alter table outbound_message validate constraint outbound_message_status_check;
create index outbound_message_scheduled on outbound_message (send_at) where status = 'scheduled';
