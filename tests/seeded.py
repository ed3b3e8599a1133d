"""What seeding leaves, put into an empty database as it was the last time, with the ids that it had.

The first world with some settings is seeded, as is whoever comes to a database that somebody has seeded. What seeding
does beside that is tested where it is promised (test_development_stays_on_its_machine.py).
"""

from collections.abc import Hashable

from concierge.runtime import Runtime
from concierge.tenants.seeding import seed

TABLES = ("tenant", "api_key", "channel_account", "agent")  # what triggers add to them, they add again
EMPTY = "select not exists (select from tenant)"
LEFT = f"select {', '.join(f'(select json_agg(t)::text from {table} t) as {table}' for table in TABLES)}"
AGAIN = "with {} select count(*) from new_tenant".format(
    ", ".join(
        f"new_{table} as (insert into {table} select * from json_populate_recordset(null::{table}, %s)"
        " where not exists (select from tenant) returning 1)"
        for table in TABLES
    )
)
ROWS: dict[Hashable, tuple[str, ...]] = {}  # of each table, by the settings


async def seeded(runtime: Runtime, settings: Hashable) -> None:
    """Seed; in an empty database, by what was left where somebody had these settings before."""
    async with runtime.connection() as conn:
        if settings in ROWS:
            (done,) = await (await conn.execute(AGAIN, ROWS[settings], prepare=True)).fetchone()
            if done:
                return
        (empty,) = await (await conn.execute(EMPTY)).fetchone()
        await seed(runtime)
        if empty:
            ROWS[settings] = await (await conn.execute(LEFT)).fetchone()
