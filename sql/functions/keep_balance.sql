-- why: a balance that is written beside its ledger differs from it one day. Here it cannot.
create or replace function keep_balance() returns trigger language plpgsql as $$
begin
  -- the account's CHECK refuses what is not there
  if new.amount <> 0 then
    update credit_account set balance = balance + new.amount where id = new.account_id and tenant_id = new.tenant_id;
  end if;
  if new.kind = 'reserve' then
    insert into credit_hold (id, tenant_id, conversation_id, turn_seq, created_at)
    values (new.id, new.tenant_id, new.conversation_id, new.turn_seq, new.created_at);
  elsif new.kind <> 'grant' then
    delete from credit_hold where id = new.reserve_id;
    if not found then
      raise exception 'the reserve % has ended already', new.reserve_id using errcode = 'check_violation';
    end if;
  end if;
  return null;
end $$;

create or replace trigger keep_balance after insert on credit_entry
for each row execute function keep_balance();
