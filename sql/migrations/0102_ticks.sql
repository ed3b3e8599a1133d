-- why: which ticks there are, and when each comes next, is known to the worker's code alone; who looks after the
-- machine asks elsewhere

create table tick (
    name text primary key,
    period interval not null check (period > interval '0'),
    past interval not null check (past >= interval '0'),
    declared_at timestamptz not null
);

comment on table tick is 'A scan that the workers let come by itself: written anew whenever a worker starts.';
comment on column tick.period is 'What lies between one time it comes and the next.';
comment on column tick.past is 'How long after the full period it comes: 17 minutes, where it comes at 10:17 and 11:17.';
comment on column tick.declared_at is 'When a worker last said so; what should have come before is not missed.';
