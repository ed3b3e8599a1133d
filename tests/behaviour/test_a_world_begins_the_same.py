"""A world that begins as the last one did (tests/seeded.py) holds row for row what seeding leaves in every table."""

from typing import Any

import pytest

from tests import seeded
from tests.fakes import FrozenClock
from tests.sweeping import Sweeper
from tests.world import World, open_world

EVERYTHING = {
    "EMAIL_WEBHOOK_SECRET": "e",
    "INSTAGRAM_ACCESS_TOKEN": "token",
    "INSTAGRAM_ACCOUNT_ID": "17841400000000000",
    "INSTAGRAM_APP_SECRET": "i",
    "TENANT_NAME": 'Zoë\'s "Café" \\ 50 %',
    "WHATSAPP_APP_SECRET": "w",
}
TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'migration'"


async def left(world: World) -> dict[str, list[Any]]:
    """All rows of every table; events are numbered on from world to world."""
    tables = [
        f"(select '{table}', to_jsonb(t) - case '{table}' when 'event' then 'id' else '' end"
        f' from "{table}" t order by to_jsonb(t))'
        for (table,) in await world.rows(TABLES)
    ]
    found: dict[str, list[Any]] = {}
    for table, row in await world.rows(" union all ".join(tables)):
        found.setdefault(table, []).append(row)
    return found


async def seeds_no_more(_: object) -> None:
    raise AssertionError


@pytest.mark.parametrize("settings", [{}, EVERYTHING], ids=["usual", "everything"])
async def test_every_row_is_there_again(
    db: str, clock: FrozenClock, sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]
) -> None:
    monkeypatch.setattr(seeded, "ROWS", {})
    async with open_world(db, clock, **settings) as world:
        really = await left(world)
    assert {"agent", "api_key", "channel_account", "event", "tenant"} <= really.keys()
    sweeper.sweep()
    monkeypatch.setattr(seeded, "seed", seeds_no_more)
    async with open_world(db, clock, **settings) as world:
        assert await left(world) == really
