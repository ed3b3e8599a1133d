-- why: readings that could not be made are few among those that were, and are asked for by themselves

create index lead_not_read on lead (moved_at) where reason is not null;

create index summary_failed on summary (moved_at) where status = 'failed';
