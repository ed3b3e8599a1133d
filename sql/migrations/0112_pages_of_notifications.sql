-- why: a page begins where the last one ended, by time and id; without the id here all of that moment and more was sorted

drop index notification_tenant;
create index notification_tenant on notification (tenant_id, created_at, id);
