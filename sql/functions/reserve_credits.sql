-- why: two messages and one credit are one answer. Whoever has the account's lock decides alone, in one round trip.
--
-- outcome: unlimited (the tenant has no account), reserved (now, or by an earlier run of the same turn), short.
create or replace function reserve_credits(
    of_tenant uuid, of_conversation uuid, of_turn bigint, wanted bigint, now_at timestamptz
) returns table (outcome text, id uuid, amount bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  account credit_account;
  entry credit_entry;
begin
  select * into account from credit_account where tenant_id = of_tenant for no key update;
  if account.id is null then
    return query select 'unlimited', null::uuid, null::bigint;
    return;
  end if;
  select e.* into entry from credit_hold h join credit_entry e on e.id = h.id
  where h.conversation_id = of_conversation and h.turn_seq = of_turn;
  if entry.id is null and account.balance < wanted then
    return query select 'short', null::uuid, null::bigint;
    return;
  end if;
  if entry.id is null then
    insert into credit_entry (tenant_id, account_id, kind, amount, reserved, conversation_id, turn_seq, created_at)
    values (of_tenant, account.id, 'reserve', -wanted, wanted, of_conversation, of_turn, now_at)
    returning * into entry;
  end if;
  return query select 'reserved', entry.id, entry.reserved;
end $$;
