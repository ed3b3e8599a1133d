-- why: most receipts are repeated, and whole batches of them are looked at before anything is written. The planner counts
-- what stands in the arrays, finds a plan for so few cheaper than one for any number, and makes it anew every time: four
-- fifths of what the look costs (plan_cache_mode). A plan that is kept must not be one from when the table was small
-- (enable_seqscan).
create or replace function known_receipts(
    accounts uuid[], outbound_ids uuid[], provider_ids text[], statuses text[], facts jsonb[]
) returns setof bigint
language plpgsql stable
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select said.n
  from unnest(accounts, outbound_ids, provider_ids, statuses, facts)
       with ordinality as said (account, outbound_id, provider_id, status, facts, n)
  cross join lateral (
      select from outbound_message o
      where o.channel_account_id = said.account and o.provider_message_id = said.provider_id
        and o.id = coalesce(said.outbound_id, o.id)
        and is_known(o.status, o.pricing, o.receipt_at, said.status, said.facts)
      limit 1) o;
end;
$$;
