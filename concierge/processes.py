"""The long-lived processes: web, worker, and for play the simulator.

Each stops on SIGTERM, SIGINT or, if asked, when its parent dies.
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
from concierge.postgres.pool import LONGEST
from concierge.runtime import Runtime
from concierge.settings import Settings
from concierge.tenants.store import unsigned_accounts
from concierge.wiring import wire

WEB_STATEMENT = 10.0  # seconds one statement of the web process may take: somebody waits for its answer

logger = log.logger(__name__)


async def serve(settings: Settings, *, with_parent: bool) -> None:
    """Take webhooks and operators' requests in until told to stop."""
    from concierge.web.app import make_app  # noqa: PLC0415  each process loads what is its own
    from concierge.web.serve import make_server  # noqa: PLC0415

    async with _opened(settings, "web", longest=WEB_STATEMENT) as runtime:
        server = make_server(make_app(runtime), settings)
        _keep_what_is_loaded()
        # uvicorn drains on these by itself, and raises them once more at the end, which must not kill us then
        _when_told(lambda: setattr(server, "should_exit", True), with_parent=with_parent)
        await server.serve()


async def work(settings: Settings, *, with_parent: bool) -> None:
    """Do jobs until told to stop."""
    from concierge.worker.supervisor import supervise  # noqa: PLC0415

    stop = asyncio.Event()
    _when_told(stop.set, with_parent=with_parent)
    async with _opened(settings, "worker") as runtime:
        _keep_what_is_loaded()
        await supervise(runtime, stop)


async def simulate(settings: Settings, *, with_parent: bool, dice: Random | None) -> None:
    """Be Meta until told to stop; with `dice` its reports come twice and in any order."""
    from concierge.simulators.meta import Meta  # noqa: PLC0415

    stop = asyncio.Event()
    _when_told(stop.set, with_parent=with_parent)
    async with Meta(settings, dice=dice).serving():
        await stop.wait()


@contextlib.asynccontextmanager
async def _opened(settings: Settings, name: str, *, longest: float = LONGEST) -> AsyncIterator[Runtime]:
    log.configure(settings)
    runtime = wire(settings, name=name, longest=longest)
    await runtime.pool.open()
    try:
        await _refuse_open_doors(runtime)
        logger.info("started", process=name, version=__version__)
        yield runtime
    finally:
        await runtime.close()
        logger.info("stopped", process=name)


def _keep_what_is_loaded() -> None:
    """What lives now lives for ever: out of every collection, which takes 15-40 ms pauses off the tail."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


async def _refuse_open_doors(runtime: Runtime) -> None:
    """In production no account may go without a signature. Raises SettingsError."""
    if runtime.settings.concierge_env == "development":
        return
    async with runtime.connection() as conn:
        unsigned = await unsigned_accounts(conn)
    if unsigned:
        raise SettingsError(f"these channel accounts take unsigned webhooks: {', '.join(unsigned)}")


def _when_told(stop: Callable[[], object], *, with_parent: bool) -> None:
    """Call `stop` on SIGTERM and SIGINT, and if asked when standard input ends.

    Its other end is the parent's, who never writes: the input ends when the parent does.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    if not with_parent:
        return

    def on_input() -> None:
        if not os.read(sys.stdin.fileno(), 1024):
            loop.remove_reader(sys.stdin.fileno())
            stop()

    loop.add_reader(sys.stdin.fileno(), on_input)
