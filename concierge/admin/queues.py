"""Queues: what waits in them, and whether it waits because somebody wants it to. For keys with `platform:*`."""

from datetime import datetime

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from concierge.admin import machine_store as store
from concierge.admin.machine_store import Queue
from concierge.api.caller import Caller
from concierge.api.scopes import needs
from concierge.errors import Conflicting, Missing
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.work import MOVING, THINKING

TICKS = "ticks"
PLATFORM = needs("platform:*")


class Queues(Struct, frozen=True):
    """Every queue there is."""

    data: list[Queue]


async def every_queue(conn: Conn) -> list[Queue]:
    """Every queue, those too that hold nothing."""
    found = {each.name: each for each in await store.queues(conn)}
    empty = {name: Queue(name, 0, 0, 0, 0, None, None, None) for name in (*THINKING, *MOVING)}
    return [each for _, each in sorted((empty | found).items())]


async def pause(conn: Conn, name: str, *, by: str, now: datetime) -> None:
    """Its jobs wait, on every worker within a second or two, until it is resumed; those that run are finished.

    Raises Missing, and Conflicting for the ticks: nothing that is due would be found, and no job of a dead worker.
    """
    _known(name)
    if name == TICKS:
        raise Conflicting("the ticks look after everything else and cannot be paused")
    await store.pause(conn, queue=name, by=by, now=now)


async def resume(conn: Conn, name: str) -> None:
    """Its jobs run again. Raises Missing."""
    _known(name)
    await store.resume(conn, queue=name)


@get("/admin/queues", opt=PLATFORM)
async def list_queues(runtime: NamedDependency[Runtime]) -> Queues:
    """What waits, what is done, what failed, how old the oldest is and whether it is paused, queue by queue."""
    async with runtime.connection() as conn:
        return Queues(await every_queue(conn))


@post("/admin/queues/{name:str}/pause", opt=PLATFORM, status_code=200)
async def pause_queue(name: FromPath[str], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> Queue:
    """Its jobs wait until it is resumed; those that run are finished. Workers know it within two seconds."""
    async with runtime.begin() as conn:
        await pause(conn, name, by=caller.actor, now=runtime.clock())
        return await _shown(conn, name)


@post("/admin/queues/{name:str}/resume", opt=PLATFORM, status_code=200)
async def resume_queue(name: FromPath[str], runtime: NamedDependency[Runtime]) -> Queue:
    """Its jobs run again."""
    async with runtime.begin() as conn:
        await resume(conn, name)
        return await _shown(conn, name)


def _known(name: str) -> None:
    if name not in (*THINKING, *MOVING):
        raise Missing("there is no such queue")


async def _shown(conn: Conn, name: str) -> Queue:
    (found,) = (each for each in await every_queue(conn) if each.name == name)
    return found


HANDLERS = (list_queues, pause_queue, resume_queue)
