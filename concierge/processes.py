"""The long-lived processes: web, worker, and for play the simulator.

Each stops on SIGTERM, SIGINT or, if asked, when its parent dies. What takes a process longest is to load, so one with
a parent loads at once, and begins when the parent says that all is ready.
"""

import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from random import Random

from concierge import __version__, log
from concierge.errors import SettingsError
from concierge.runtime import Runtime
from concierge.settings import Settings
from concierge.tenants.store import unsigned_accounts
from concierge.told import ToldToStop, unless_told
from concierge.wiring import wire

WEB_STATEMENT = 10.0  # seconds one statement of the web process may take: somebody waits for its answer

logger = log.logger(__name__)


async def serve(settings: Settings, *, with_parent: bool) -> None:
    """Take webhooks and operators' requests in until told to stop."""
    stop = asyncio.Event()

    def end() -> None:
        server.should_exit = True
        stop.set()

    # uvicorn drains on these by itself, and raises them once more at the end, which must not kill us then
    begin = _when_told(end, with_parent=with_parent)

    from concierge.web.app import make_app  # noqa: PLC0415  each process loads what is its own
    from concierge.web.serve import make_server  # noqa: PLC0415

    runtime = wire(settings, name="web", longest=WEB_STATEMENT)
    server = make_server(make_app(runtime), settings)
    with contextlib.suppress(ToldToStop):
        async with _opened(runtime, "web", begin, stop):
            await server.serve()


async def work(settings: Settings, *, with_parent: bool) -> None:
    """Do jobs until told to stop."""
    stop = asyncio.Event()
    begin = _when_told(stop.set, with_parent=with_parent)

    from concierge.worker.supervisor import supervise  # noqa: PLC0415

    runtime = wire(settings, name="worker", steady=True)
    with contextlib.suppress(ToldToStop):
        async with _opened(runtime, "worker", begin, stop):
            await supervise(runtime, stop)


async def simulate(settings: Settings, *, with_parent: bool, dice: Random | None) -> None:
    """Be Meta until told to stop; with `dice` its reports come twice and in any order."""
    stop = asyncio.Event()
    begin = _when_told(stop.set, with_parent=with_parent)

    from concierge.simulators.meta import Meta  # noqa: PLC0415

    await begin.wait()
    async with Meta(settings, dice=dice).serving():
        await stop.wait()


@contextlib.asynccontextmanager
async def _opened(runtime: Runtime, name: str, begin: asyncio.Event, stop: asyncio.Event) -> AsyncIterator[None]:
    """Raises ToldToStop where `stop` is set while it looks for its database."""
    log.configure(runtime.settings)
    _keep_what_is_loaded()
    await begin.wait()
    await runtime.pool.open()
    try:
        async with unless_told(stop):
            await _refuse_open_doors(runtime)
        logger.info("started", process=name, version=__version__)
        yield
    finally:
        await runtime.close()
        logger.info("stopped", process=name)


def _keep_what_is_loaded() -> None:
    """What lives now lives for ever: out of every collection, which takes 15-40 ms pauses off the tail.

    There were none while it was loaded either, of which a fifth would be the looking for garbage; nor is there one now,
    which would be two tenths of a second for three thousand small objects. From now on only what is young is looked at,
    so that a collection costs what it finds: a larger threshold would make none of it cheaper, but let five times as
    much garbage lie and take five times as long at once.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


async def _refuse_open_doors(runtime: Runtime) -> None:
    """In production no account may go without a signature. Raises SettingsError, OperationalError."""
    if runtime.settings.concierge_env == "development":
        return
    await runtime.pool.reach()
    async with runtime.connection() as conn:
        unsigned = await unsigned_accounts(conn)
    if unsigned:
        raise SettingsError(f"these channel accounts take unsigned webhooks: {', '.join(unsigned)}")


def _when_told(stop: Callable[[], object], *, with_parent: bool) -> asyncio.Event:
    """Call `stop` on SIGTERM and SIGINT, and if asked when standard input ends; what is set when it is time to begin.

    Asked before anything is loaded: what it is told meanwhile it hears when all is, and `stop` is called only then.
    With a parent that is when it writes a line. The other end is nobody else's: the input ends when the parent does.
    """
    loop, begin = asyncio.get_running_loop(), asyncio.Event()

    def end() -> None:
        stop()
        begin.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    if not with_parent:
        begin.set()
        return begin

    def on_input() -> None:
        if os.read(sys.stdin.fileno(), 1024):
            begin.set()
        else:
            loop.remove_reader(sys.stdin.fileno())
            end()

    loop.add_reader(sys.stdin.fileno(), on_input)
    return begin
