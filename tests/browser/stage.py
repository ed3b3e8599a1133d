"""A service that browsers reach: a world served on a real port, which can go away and come back."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import msgspec

from concierge.llm.local import LocalModel
from concierge.runtime import Runtime
from concierge.web.serve import make_server
from tests.apps import lent
from tests.fakes import FrozenClock
from tests.serving import serving
from tests.webchat import chat_world, on_time
from tests.world import World, make_settings


class Stage:
    """What a test of a page holds in its hand."""

    def __init__(self, world: World, port: int) -> None:
        self.world = world
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._open = AsyncExitStack()

    async def start(self) -> None:
        """Serve; what was there before is still there."""
        app = self._open.enter_context(lent(self.world.runtime))
        settings = make_settings(self.world.runtime.settings.database_url.reveal(), PORT=str(self.port))
        await self._open.enter_async_context(serving(make_server(app, settings)))

    async def stop(self) -> None:
        """The port answers nobody."""
        await self._open.aclose()


@asynccontextmanager
async def open_stage(url: str, port: int) -> AsyncIterator[Stage]:
    """A served world whose web chat may stand on its own pages."""

    def arrange(runtime: Runtime) -> Runtime:
        return msgspec.structs.replace(on_time(runtime), models={"local": LocalModel()})

    clock = FrozenClock(datetime.now(UTC))
    async with chat_world(url, clock, arrange, PORT=str(port), WEBCHAT_ORIGINS=f"http://127.0.0.1:{port}") as world:
        stage = Stage(world, port)
        await stage.start()
        try:
            yield stage
        finally:
            await stage.stop()
