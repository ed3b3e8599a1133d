-- why: operators find people by the beginning of their name, however many there are. Bytes are compared, so that it is
-- found whatever the collation and whether or not the statement is prepared.
create index contact_name on contact (tenant_id, lower(name) text_pattern_ops, id)
    where name is not null and merged_into is null and erased_at is null;
