"""What Postgres keeps of the ticks: which there are, when each came, and which fail."""

from datetime import datetime

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Due(Struct, frozen=True):
    """The ticks that come now."""

    names: list[str]
    failing: list[str]  # of these, those whose last run failed


@query("""
    with due as (
        -- of whoever looks at the same time one gets a row: others pass over it, or see that it came
        select name from tick
        where name = any(%(names)s)
          and (came_at is null
               or came_at < date_bin(period, now(), 'epoch'::timestamptz + past)
               or came_at > now() + period)  -- the database's clock was set back
        order by name for update skip locked
    ), begun as (
        update tick t set came_at = now() from due where t.name = due.name
        returning t.name, t.failing_since is not null as fails
    )
    select coalesce(array_agg(name) filter (where name is not null), '{}') as names,
           coalesce(array_agg(name) filter (where fails), '{}') as failing
    -- a tick that a crash of Postgres forgot comes once more: nobody waits for the disk
    from set_config('synchronous_commit', 'off', true) left join begun on true
""")
async def begin(conn: Conn, *, names: list[str]) -> Due:
    """Which of these come now, each at one caller only: by the clock of the database, which all of them share."""


@query("""
    update tick set failing_since = coalesce(failing_since, now()), error = %(error)s
    where name = %(name)s and error is distinct from %(error)s
""")
async def fails(conn: Conn, *, name: str, error: str) -> None:
    """It has failed, and a second time a second later."""


@query("update tick set failing_since = null, error = null where name = %(name)s")
async def goes_well(conn: Conn, *, name: str) -> None:
    """It has failed until now, and does no more."""


@query("update tick set came_at = null where name = any(%(names)s)")
async def give_back(conn: Conn, *, names: list[str]) -> None:
    """These were cut off: they come again with the next job, to whoever takes it."""


@query("""
    with gone as (
        -- another version may still have it: a worker of that lets it come at least once an hour
        delete from tick
        where name <> all(%(names)s) and coalesce(came_at, declared_at) + interval '1 day' < %(now)s
    )
    insert into tick (name, period, past, declared_at)
    select name, make_interval(secs => period), make_interval(secs => past), %(now)s
    from unnest(%(names)s::text[], %(periods)s::int[], %(pasts)s::int[]) as known (name, period, past)
    order by name  -- workers that start together take the rows in one order
    on conflict (name) do update
    set period = excluded.period, past = excluded.past, declared_at = excluded.declared_at
""")
async def declare(conn: Conn, *, names: list[str], periods: list[int], pasts: list[int], now: datetime) -> None:
    """These ticks there are; `periods` and `pasts` in seconds."""
