-- why: who said STOP under one address is not written to under another one of the same channel, not even under one that
-- is learned later; and what a vendor reports as resumed under one address is resumed under all. What holds for an address
-- alone: a mailbox that bounces, and what an operator suppressed.
create or replace function suppression_of(identity uuid) returns text
language sql stable
as $$
  with address as (
    select i.id = own.id as own, i.tenant_id, i.channel, i.kind, i.value
    from contact_identity own
    join contact_identity i on i.contact_id = own.contact_id and i.channel = own.channel
    where own.id = identity
  ), said as (
    select a.own, s.source, s.channel, s.scope, s.at, s.lifted_at
    from address a
    join suppression s on s.tenant_id = a.tenant_id and s.channel = a.channel and s.kind = a.kind and s.value = a.value
  )
  select min(s.scope)  -- the widest: "all" comes before "marketing"
  from said s
  where s.lifted_at is null
    and (s.own or s.source in ('word', 'unsubscribe') or (s.source = 'platform' and s.channel <> 'email'))
    and not (s.source = 'platform' and exists (
        select from said later where later.lifted_at >= s.at and later.scope in (s.scope, 'all')))
$$;
