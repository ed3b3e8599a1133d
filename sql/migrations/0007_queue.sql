-- why: finished jobs are pruned by the time they ended; without this every round scans all events.
create index procrastinate_events_ended on procrastinate_events (at)
    where type in ('succeeded', 'failed', 'cancelled', 'aborted');
