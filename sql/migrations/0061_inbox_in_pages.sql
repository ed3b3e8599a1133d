-- why: operators list conversations by who leads them, the one written in last first. One index serves every filter and
-- costs arrival no more than the one it replaces, which nothing asks for.
drop index conversation_tenant;
create index conversation_inbox on conversation (channel_account_id, status, last_message_at, id);
