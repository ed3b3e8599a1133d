-- why: "forwarded", "reply to your story", "from the ad …" and the group change what a message means.

alter table inbound_message
    add column context  text,
    add column group_id text;
comment on column inbound_message.context is 'What the text came with, readable: "forwarded", "from the ad …", "reply to your story".';
comment on column inbound_message.group_id is 'The vendor''s id of the group it was written in.';
