"""Ticks: when each came, when it comes again, and one more now. For keys with `platform:*`."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from concierge.admin import tick_store as store
from concierge.admin.tick_store import Periodic
from concierge.api.scopes import needs
from concierge.errors import Missing
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

PLATFORM = needs("platform:*")


class Periodics(Struct, frozen=True):
    """Every tick there is."""

    data: list[Periodic]


class Come(Struct, frozen=True):
    """The job that runs the tick."""

    job_id: int


async def run(conn: Conn, name: str) -> int:
    """Let it come now; the job's id. Raises Missing."""
    if "\0" in name or await store.is_known(conn, name=name) is None:
        raise Missing("no worker ever said that there is such a tick")
    return await store.run(conn, name=name)


@get("/admin/periodics", opt=PLATFORM)
async def list_periodics(runtime: NamedDependency[Runtime]) -> Periodics:
    """What comes by itself: when it came last and comes next, what fails, what should have come and did not."""
    async with runtime.connection() as conn:
        return Periodics(await store.every(conn, now=runtime.clock()))


@post("/admin/periodics/{name:str}/run", opt=PLATFORM, status_code=202)
async def run_periodic(name: FromPath[str], runtime: NamedDependency[Runtime]) -> Come:
    """Let a tick come now, beside those that come by themselves; every tick may run twice."""
    async with runtime.begin() as conn:
        return Come(await run(conn, name))


HANDLERS = (list_periodics, run_periodic)
