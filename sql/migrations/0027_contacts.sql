-- why: people are listed, changed, joined, handed out and forgotten by their business's own systems.

alter table contact add column erased_at timestamptz;
comment on column contact.erased_at is 'Everything they were and said is gone from all rows; the row stays because others point to it.';
create index contact_page on contact (tenant_id, created_at, id) where merged_into is null and erased_at is null;
create index suppression_page on suppression (tenant_id, at, id) where lifted_at is null;
