-- why: readings of every purpose are listed in pages, as the ledger is.
drop index extraction_readings;
create index extraction_tenant on extraction (tenant_id, created_at, id);

drop index credit_entry_tenant;
create index credit_entry_tenant on credit_entry (tenant_id, created_at, id);
