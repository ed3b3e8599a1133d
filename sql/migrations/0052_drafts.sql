-- why: a text that somebody will send under their name is theirs to read, change and approve before it goes.

create table draft (
    id                  uuid primary key default uuid_v7(),
    tenant_id           uuid not null references tenant,
    task_id             uuid not null references task,
    n                   int not null,
    status              text not null check (status in ('writing', 'proposed', 'approved', 'sent', 'replaced', 'failed')),
    reason              text,
    author              text not null check (author in ('model', 'person')),
    text                text not null,
    tone                text not null,
    length              text not null check (length in ('short', 'medium', 'long')),
    language            text,
    outbound_message_id uuid references outbound_message,
    created_at          timestamptz not null,
    moved_at            timestamptz not null,
    redacted_at         timestamptz,
    unique (task_id, n)
);
comment on table draft is 'A version of the text that a follow-up needs. Of each follow-up one is live: being written, proposed or approved.';
comment on column draft.outbound_message_id is 'What carried the text by itself, once it was approved or the policy sends it.';
create unique index draft_live on draft (task_id) where status in ('writing', 'proposed', 'approved');
create index draft_bodies on draft (moved_at) where redacted_at is null;
