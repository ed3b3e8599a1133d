-- why: a draft waits for its person's approval, and the person answers where they were asked: "send it", "shorter", "no".

alter table draft drop constraint draft_status_check;
alter table draft add constraint draft_status_check
    check (status in ('writing', 'proposed', 'approved', 'sent', 'replaced', 'failed', 'declined'));
alter table draft add column wish text, add column asked_by uuid references outbound_message;
comment on column draft.wish is 'What its person asked to be different from the version before, in their words: they are shown what came of it.';
comment on column draft.asked_by is 'The message in which its person was last asked about it.';
