-- why: who said STOP under one address is not written to under another one of the same channel, not even under one that
-- is learned later. What holds for an address alone: a mailbox that bounces, and what an operator suppressed.
create or replace function suppression_of(identity uuid) returns text
language sql stable
as $$
  select min(s.scope)  -- the widest: "all" comes before "marketing"
  from contact_identity own
  join contact_identity i on i.contact_id = own.contact_id and i.channel = own.channel
  join suppression s on s.tenant_id = i.tenant_id and s.channel = i.channel and s.kind = i.kind and s.value = i.value
                    and s.lifted_at is null
  where own.id = identity
    and (i.id = own.id or s.source in ('word', 'unsubscribe') or (s.source = 'platform' and s.channel <> 'email'))
$$;
