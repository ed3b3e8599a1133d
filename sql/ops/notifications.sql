-- What should a human look at?
-- Normal: nothing.
-- If not: the subject's own question tells more: failed_outbound_messages, unknown_outcomes, conversations.
select created_at, subject, subject_id, kind, text
from notification
where acknowledged_at is null and (snoozed_until is null or snoozed_until < now())
order by created_at desc limit 100
