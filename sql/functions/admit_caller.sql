-- why: every request to the API asks who calls and whether that is too often; one round trip answers both.
--
-- No row: no live key has this hash. Otherwise the key's bucket (GCRA: `quota` at once, refilled in `span` seconds) was
-- charged one request, or, where `wait` is not null, nothing was: the next may come in so many seconds.
create or replace function admit_caller(
    key_hash bytea, quota int, span double precision, now_at timestamptz
) returns table (
    tenant_id uuid, key_id uuid, name text, scopes text[], wait double precision, remaining int, full_in double precision
)
language plpgsql as $$
#variable_conflict use_column
declare
  gap    constant interval := make_interval(secs => span / quota);
  room   constant interval := make_interval(secs => span) - gap;
  found_ api_key;
  due    timestamptz;
begin
  select k.* into found_ from api_key k
  where k.hash = key_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now_at);
  if not found then
    return;
  end if;
  -- losing the last moments of this in a crash costs nothing; waiting for the disk at every request would
  perform set_config('synchronous_commit', 'off', true);
  if found_.last_used_at is null or found_.last_used_at < now_at - interval '1 minute' then
    update api_key k set last_used_at = now_at where k.id = found_.id;
  end if;

  insert into rate_bucket as b (tenant_id, key, tat, line)
  values (found_.tenant_id, 'api:' || found_.id, now_at + gap, now_at)
  on conflict (tenant_id, key) do update set tat = greatest(b.tat, now_at) + gap
  where b.tat <= now_at + room
  returning b.tat into due;
  if due is null then
    select b.tat into due from rate_bucket b
    where b.tenant_id = found_.tenant_id and b.key = 'api:' || found_.id;
    return query select found_.tenant_id, found_.id, found_.name, found_.scopes,
                        extract(epoch from due - room - now_at)::float, 0, extract(epoch from due - now_at)::float;
  else
    return query select found_.tenant_id, found_.id, found_.name, found_.scopes, null::float,
                        floor(extract(epoch from now_at + room + gap - due) / extract(epoch from gap))::int,
                        extract(epoch from due - now_at)::float;
  end if;
end $$;
