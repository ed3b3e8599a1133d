-- why: whoever takes over a conversation wants to know what was said, without reading a week of it.

create table summary (
    id             uuid primary key default uuid_v7(),
    tenant_id      uuid not null references tenant,
    contact_id     uuid not null references contact,
    status         text not null check (status in ('waiting', 'running', 'success', 'skipped', 'failed')),
    reason         text,
    due_at         timestamptz not null,
    range_start    timestamptz,
    range_end      timestamptz,
    text           text,
    model          text,
    prompt_version text,
    input_count    int,
    input_hash     text,
    input_tokens   int,
    output_tokens  int,
    request_id     text,
    correlation_id text,
    created_at     timestamptz not null,
    moved_at       timestamptz not null,
    redacted_at    timestamptz,
    check (status in ('waiting', 'running', 'failed') or (input_hash is not null and range_end is not null))
);
comment on table summary is 'One recap of what was said with a contact in seven days: waiting → running → success, skipped (nothing new) or failed.';
comment on column summary.input_hash is 'SHA-256 of the ids and texts that were read; the same input is not read twice.';
comment on column summary.reason is 'Why it was skipped or failed.';
create unique index summary_waiting on summary (contact_id) where status = 'waiting';
create unique index summary_running on summary (contact_id) where status = 'running';
create index summary_due on summary (due_at) where status = 'waiting';
create index summary_stuck on summary (moved_at) where status = 'running';
create index summary_contact on summary (contact_id, created_at, id);
create index summary_tenant on summary (tenant_id, created_at, id);
create index summary_bodies on summary (created_at) where redacted_at is null;
