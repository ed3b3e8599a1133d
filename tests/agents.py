"""Agents as tests want them, on the accounts that a world begins with."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from tests.world import World

CONFIGURE = """
    update agent set skills = %(skills)s, settings = %(settings)s, quiet_seconds = %(quiet)s,
                     answer_within_seconds = %(within)s, name = %(name)s
    where live
"""


async def configure(
    world: World,
    *skills: str,
    quiet: float = 0,
    within: int | None = None,
    name: str = "Concierge",
    **settings: dict[str, Any],
) -> None:
    """Every account's agent has these skills now, and no other settings than these."""
    await world.execute(CONFIGURE, skills=list(skills), settings=Jsonb(settings), quiet=quiet, within=within, name=name)


async def talk(world: World, *texts: str, channel: str = "whatsapp") -> list[str]:
    """Say one thing after the other, each answered before the next; everything that was said back."""
    before = len(world.outside.texts)
    for text in texts:
        n = await world.one("select count(*) from inbound_message")
        await (world.email if channel == "email" else world.whatsapp)(text, id=f"said.{n}")
        await world.work()
        world.clock.advance(seconds=1)
    return world.outside.texts[before:]


async def wait(world: World, seconds: float) -> None:
    """So long nobody writes; who was waited for is answered."""
    world.clock.advance(seconds=seconds)
    await world.run_tick("inbox.quiet")
    await world.work()


async def move(world: World, make: Any, id: UUID | None = None) -> None:
    """An operator moves the newest conversation, or another one."""
    id = id or await world.one("select id from conversation order by opened_at desc, id desc limit 1")
    tenant_id = await world.one("select id from tenant")
    async with world.runtime.begin() as conn:
        await make(conn, id, tenant_id=tenant_id, by="Olga", now=world.clock())
