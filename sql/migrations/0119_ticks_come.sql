-- why: each tick was a job of its own, seven a second, each several commits, to find nothing; what came when is now
-- told by one update of these few rows

alter table tick
    add column came_at timestamptz,
    add column failing_since timestamptz,
    add column error text,
    add constraint tick_fails_with_an_error check ((failing_since is null) = (error is null));

comment on table tick is 'A scan that the workers let come by itself. Whoever marks it as come, runs it.';
comment on column tick.came_at is 'When it came last, by the clock of the database; null: it comes at once.';
comment on column tick.failing_since is 'Its runs fail since then; null while they go well.';
comment on column tick.error is 'The kind of error that the last run failed with, never its words.';
