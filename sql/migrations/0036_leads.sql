-- why: a conversation is also read for who somebody is and what they want, once it is quiet.

alter table extraction
    add column purpose text not null default 'extract' check (purpose in ('extract', 'score')),
    drop constraint extraction_conversation_id_upto_seq_key,
    add unique (conversation_id, purpose, upto_seq);
comment on column extraction.purpose is 'What the model was asked: extract (follow-ups of a turn), score (the conversation as a lead).';
create index extraction_readings on extraction (tenant_id, created_at, id) where purpose = 'score';

create table lead (
    id              uuid primary key default uuid_v7(),
    tenant_id       uuid not null references tenant,
    conversation_id uuid not null unique references conversation,
    due_at          timestamptz,
    tries           int not null default 0,
    read_seq        bigint not null default 0,
    extraction_id   uuid references extraction,
    name            text,
    email           text,
    company         text,
    intent          text,
    urgency         smallint check (urgency between 1 and 3),
    budget          smallint check (budget between 1 and 3),
    fit             smallint check (fit between 1 and 3),
    engagement      smallint check (engagement between 1 and 3),
    demo_at         timestamptz,
    demo_zone       text,
    notice          text,
    reason          text,
    created_at      timestamptz not null,
    moved_at        timestamptz not null,
    redacted_at     timestamptz,
    check ((demo_at is null) = (demo_zone is null))
);
comment on table lead is 'A conversation as a lead: the newest value that a reading found for each field, and when it is read next.';
comment on column lead.due_at is 'When the conversation is to be read, or (while it is being read) read again should nobody finish; null: nothing is new.';
comment on column lead.tries is 'Readings in a row that came to nothing.';
comment on column lead.read_seq is 'The newest message that was read; 0: there was no reading yet.';
comment on column lead.extraction_id is 'The newest reading.';
comment on column lead.reason is 'Why the last reading came to nothing.';
create index lead_due on lead (due_at) where due_at is not null;
create index lead_tenant on lead (tenant_id, created_at, id) where extraction_id is not null;
create index lead_bodies on lead (moved_at) where redacted_at is null and extraction_id is not null;
create index notification_subject on notification (subject_id);
create index lead_extraction on lead (extraction_id) where extraction_id is not null;
