-- Follow-ups that come again, and the words each was read from.
alter table task
  add column rule text,
  add column rule_from timestamp,
  add column follows uuid references task,
  add column followed boolean not null default false,
  add column evidence text,
  add constraint task_rule check ((rule is null) = (rule_from is null));
comment on column task.rule is 'RRULE on the wall clock, expanded from rule_from; null for what comes once.';
comment on column task.follows is 'The occurrence before this one.';
comment on column task.followed is 'Its next occurrence is planned, or there is none.';
comment on column task.evidence is 'The words of inbound_message_id that asked for it.';
create unique index task_next on task (follows) where follows is not null;
create index task_to_follow on task (moved_at)
  where rule is not null and not followed and status in ('sending', 'done', 'failed', 'expired');
create index task_open on task (contact_id, due_at)
  where status in ('pending', 'snoozed', 'due', 'executing', 'sending');
create index task_lately on task (contact_id, moved_at) where status = 'done' and rule is null;
