-- why: all workers together keep a provider's limits, and whoever waits is not overtaken.
--
-- GCRA over several buckets at once, all or nothing. A bucket gives one message per `gaps` seconds, and up to `bursts` at
-- once after a rest, so in any window of w seconds at most bursts + w / gaps.
--
-- null: the message may go, and every bucket has been charged. Otherwise nothing was charged, and the answer is the
-- message's place: when it is to come again. In a bucket that is `lined` (shared by many conversations) places are given
-- out one behind the other, and while somebody waits there newcomers take a place too, though there be room: so a
-- steady stream of newcomers starves nobody. Who has a `place` already is not sent to the end again.
create or replace function take_turn(
    tenant uuid, keys text[], gaps double precision[], bursts int[], lined boolean[],
    place timestamptz, now_at timestamptz
) returns timestamptz
language plpgsql as $$
declare
  count int;
  free  timestamptz;  -- when all buckets together would let it go
begin
  if cardinality(keys) = 0 then
    return null;
  end if;
  loop  -- locked in one order by everybody; the tick may delete a row between the two statements
    perform from rate_bucket b where b.tenant_id = tenant and b.key = any (keys) order by b.key for update;
    get diagnostics count = row_count;
    exit when count = cardinality(keys);
    insert into rate_bucket (tenant_id, key, tat, line)
    select tenant, k, now_at, now_at from unnest(keys) k order by k
    on conflict do nothing;
  end loop;

  select max(w.own) into free from turn_of(tenant, keys, gaps, bursts, lined, place, now_at) w where w.own > now_at;

  if free is null then
    update rate_bucket b set tat = greatest(b.tat, now_at) + make_interval(secs => k.gap)
    from unnest(keys, gaps) as k (key, gap)
    where b.tenant_id = tenant and b.key = k.key;
    return null;
  end if;

  if place is null then  -- in the line of the bucket it waits for, not of those that have room
    update rate_bucket b set line = free
    from turn_of(tenant, keys, gaps, bursts, lined, place, now_at) w
    where b.tenant_id = tenant and b.key = w.key and w.own = free;
    return free;
  end if;

  -- it stays before those with later places, unless it waits for room of its own
  return greatest(place, (select max(w.own) from turn_of(tenant, keys, gaps, bursts, lined, place, now_at) w
                          where not w.shared and w.own > now_at));
end $$;

-- When each bucket, by itself, would let the message go. Stable, so that it becomes a part of the query that asks.
create or replace function turn_of(
    tenant uuid, keys text[], gaps double precision[], bursts int[], lined boolean[],
    place timestamptz, now_at timestamptz
) returns table (key text, shared boolean, own timestamptz)
language sql stable as $$
  select k.key, k.lined,
         case when place is null and k.lined and b.line > now_at
              then greatest(r.room, b.line + make_interval(secs => k.gap)) else r.room end
  from unnest(keys, gaps, bursts, lined) as k (key, gap, burst, lined)
  join rate_bucket b on b.tenant_id = tenant and b.key = k.key
  cross join lateral (select b.tat - make_interval(secs => k.gap * (k.burst - 1)) as room) r
$$;
