-- why: a business keeps appointments, and people forget them.

create table reminder_policy (
    id          uuid primary key default uuid_v7(),
    tenant_id   uuid not null references tenant,
    name        text not null check (name <> ''),
    usual       boolean not null default false,
    every       interval check (every >= interval '1 minute'),
    before      interval[] not null default '{}',
    most        int check (most > 0),
    quiet_from  time,
    quiet_until time,
    late        interval check (late > interval '0'),
    channels    text[] not null default '{whatsapp,email}' check (channels <> '{}'),
    moves       text not null default 'ask' check (moves in ('ask', 'direct')),
    version     int not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    unique (tenant_id, name),
    check ((quiet_from is null) = (quiet_until is null))
);
comment on table reminder_policy is 'When a booking is reminded of, and how its customer is reached.';
comment on column reminder_policy.usual is 'Holds for bookings that name none.';
comment on column reminder_policy.every is 'From the booking on, strictly before its start.';
comment on column reminder_policy.before is 'How long before the start.';
comment on column reminder_policy.most is 'At most so many reminders of one booking, the ones nearest to its start; null: no limit.';
comment on column reminder_policy.quiet_from is 'On the clock of the place: from then until quiet_until nothing is planned.';
comment on column reminder_policy.late is 'After an outage a reminder is still sent when it is late by at most this; null: until the start.';
comment on column reminder_policy.channels is 'In order of preference.';
comment on column reminder_policy.version is 'Counts what changes plans.';
comment on column reminder_policy.moves is 'What a customer''s wish for another time does: ask an operator, or move the booking.';
create unique index reminder_policy_usual on reminder_policy (tenant_id) where usual;

create table booking_source (
    id          uuid primary key default uuid_v7(),
    tenant_id   uuid not null references tenant,
    kind        text not null check (kind in ('calcom')),
    name        text not null check (name <> ''),
    secret      bytea not null,
    policy_id   uuid references reminder_policy,
    created_at  timestamptz not null,
    removed_at  timestamptz
);
create unique index booking_source_name on booking_source (tenant_id, name) where removed_at is null;
comment on table booking_source is 'A calendar elsewhere that sends its bookings; its id is in the address of its webhook. secret is encrypted outside the database.';

create table booking (
    id               uuid primary key default uuid_v7(),
    tenant_id        uuid not null references tenant,
    contact_id       uuid not null references contact,
    policy_id        uuid not null references reminder_policy,
    policy_version   int not null,
    source           text not null,
    external_id      text,
    former_ids       text[] not null default '{}',
    service          text not null,
    provider         text,
    location         text,
    starts_at        timestamptz not null,
    ends_at          timestamptz,
    zone             text not null,
    wall             timestamp not null,
    zone_rules       text not null,
    wish             timestamp,
    status           text not null default 'booked' check (status in ('booked', 'confirmed', 'cancelled')),
    reason           text,
    version          int not null default 1,
    schedule_version int not null default 1,
    planned_from     timestamptz not null,
    source_at        timestamptz,
    correlation_id   text,
    created_at       timestamptz not null,
    moved_at         timestamptz not null,
    unique (tenant_id, source, external_id),
    check (ends_at > starts_at)
);
comment on table booking is 'An appointment. wall and zone are what was agreed; starts_at is the instant that follows from them by zone_rules.';
comment on column booking.external_id is 'Its name at its source; null: it has none.';
comment on column booking.former_ids is 'What it was called at its source before it was moved there.';
comment on column booking.policy_version is 'That of the policy when its reminders were planned.';
comment on column booking.zone_rules is 'The version of the time zone database that starts_at was computed with.';
comment on column booking.wish is 'The wall time its customer asked to move it to, and nobody has answered yet.';
comment on column booking.version is 'Counts every change (ETag).';
comment on column booking.schedule_version is 'Counts its plans of reminders: only those of this version are sent.';
comment on column booking.planned_from is 'What "every two hours" counts from: when it was booked, or last moved.';
comment on column booking.source_at is 'When its source said what we know last; what comes later but is older is ignored.';
create index booking_former on booking using gin (former_ids) where former_ids <> '{}';
create index booking_tenant on booking (tenant_id, created_at, id);
create index booking_starts on booking (tenant_id, starts_at);
create index booking_contact on booking (contact_id, starts_at);
create index booking_policy on booking (policy_id, policy_version, starts_at) where status <> 'cancelled';
-- the tick that looks for bookings of other rules than today's reads nothing where there are none
create index booking_zone_rules on booking (zone_rules, starts_at) where status <> 'cancelled';

create table reminder (
    id                  uuid primary key default uuid_v7(),
    tenant_id           uuid not null references tenant,
    booking_id          uuid not null references booking,
    schedule_version    int not null,
    n                   int not null check (n > 0),
    due_at              timestamptz not null,
    status              text not null default 'planned' check (status in (
                            'planned', 'due', 'sending', 'sent', 'skipped', 'failed', 'cancelled')),
    reason              text,
    outbound_message_id uuid references outbound_message,
    created_at          timestamptz not null,
    moved_at            timestamptz not null,
    unique (booking_id, schedule_version, n)
);
comment on table reminder is 'One planned message about a booking. Those of an older schedule_version are never sent.';
create index reminder_planned on reminder (due_at) where status = 'planned';
create index reminder_due on reminder (moved_at) where status = 'due';
create index reminder_sending on reminder (outbound_message_id) where status = 'sending';
create index reminder_failed on reminder (outbound_message_id) where status = 'failed';
create index reminder_waiting on reminder (tenant_id, due_at) where status in ('planned', 'due');
create index reminder_finished on reminder (tenant_id, moved_at) where status in ('sent', 'failed');

create table booking_text (
    id         uuid primary key default uuid_v7(),
    tenant_id  uuid not null references tenant,
    kind       text not null check (kind in ('reminder', 'cancellation')),
    language   text not null,
    text       text not null check (text <> ''),
    subject    text,
    version    int not null default 1,
    updated_at timestamptz not null,
    unique (tenant_id, kind, language)
);
comment on table booking_text is 'What the tenant says instead of our own words, in one language. Its blanks are checked when it is saved.';

-- which kinds there are is said once, in concierge/outbox/model.py, and a new one is no change of the schema any more
alter table outbound_message drop constraint outbound_message_kind_check;
alter table outbound_message add constraint outbound_message_kind_check check (kind ~ '^[a-z_]+$') not valid;
alter table outbound_message validate constraint outbound_message_kind_check;

alter table outbound_message add column about uuid, add column withdrawn_at timestamptz;
comment on column outbound_message.about is 'What it speaks of, such as a booking: what is not sent yet is withdrawn when that changes.';
comment on column outbound_message.withdrawn_at is 'It must not be sent any more, whatever becomes of an attempt that is under way.';
create index outbound_message_about on outbound_message (about)
    where about is not null and status in ('queued', 'held', 'blocked', 'sending', 'unknown', 'failed');
create index outbound_message_said_about on outbound_message (conversation_id, position) where about is not null;

update agent set skills = array_prepend('bookings', skills) where live and not 'bookings' = any (skills);
