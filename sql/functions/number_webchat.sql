-- why: what a visitor sees must have one order, whoever writes it. The session's row is locked until the commit, so
-- numbers become visible in their order: whoever has read number 7 has missed nothing before it.
--
-- A message in is numbered when it is stored; a message out when it is being sent, which here means being shown. One
-- that is sent again, because nobody knew whether it arrived, keeps its number.
create or replace function number_webchat() returns trigger language plpgsql as $$
declare
  line webchat_session;
begin
  if tg_table_name = 'outbound_message'
     and exists (select from webchat_event e where e.outbound_message_id = new.id) then
    return null;
  end if;
  update webchat_session s set last_seq = s.last_seq + 1
  where s.channel_account_id = new.channel_account_id and s.identity_id = new.identity_id
  returning s.* into line;
  if found then
    insert into webchat_event (session_id, seq, tenant_id, inbound_message_id, outbound_message_id)
    values (line.id, line.last_seq, line.tenant_id,
            case when tg_table_name = 'inbound_message' then new.id end,
            case when tg_table_name = 'outbound_message' then new.id end);
    -- heard after the commit, and an invitation to look, no more: the payload says where
    perform pg_notify('webchat', line.id::text);
  end if;
  return null;
end $$;

-- A visitor's message has the id <session>:<client message id>. Others that look so find no session and have no number;
-- the rest, which is nearly everything that arrives, does not pay for asking.
create or replace trigger number_webchat after insert on inbound_message
for each row when (substr(new.provider_message_id, 37, 1) = ':') execute function number_webchat();
create or replace trigger number_webchat after update of status on outbound_message
for each row when (old.status <> new.status and new.status = 'sending') execute function number_webchat();
