-- why: what was blocked for want of a template can be sent once there is one, or once the person writes again.

create index outbound_message_wants_template on outbound_message (conversation_id)
    where status = 'blocked' and reason = 'template_required';
create index task_wants_template on task (reminder_id) where status = 'failed' and reason = 'template_required';
