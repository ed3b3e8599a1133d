"""The processes of `concierge run`, as children of one."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence

from concierge.settings import Settings
from concierge.told import ToldToStop, unless_told

PATIENCE = 30.0  # seconds until web must be ready, and until a child must have stopped


class ProcessTree:
    """The child processes, each a command of ours; one that ends by itself is started again."""

    def __init__(self, settings: Settings, environ: Mapping[str, str], children: Sequence[Sequence[str]]) -> None:
        self.settings = settings
        self.environ = environ
        self.children = children
        self.stop = asyncio.Event()
        self.prepared = asyncio.Event()

    async def run(self, prepare: Callable[[], Awaitable[str]]) -> int:
        """Start all, let them begin once `prepare` has ended, and say what it gives once web is ready.

        They load meanwhile, which takes them longer. When told to, they are stopped in their order. The exit status.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop.set)
        stops = [asyncio.Event() for _ in self.children]
        kept = [asyncio.create_task(self._keep(*each)) for each in zip(self.children, stops, strict=True)]
        try:
            with contextlib.suppress(ToldToStop):
                async with unless_told(self.stop):  # a database may be slow
                    greeting = await prepare()
                self.prepared.set()
                if await self._is_ready():
                    print(greeting, flush=True)
                    await self.stop.wait()
            return 0 if self.stop.is_set() else 1
        finally:
            print("\nStopping …", flush=True)
            for stop, task in zip(stops, kept, strict=True):
                stop.set()
                await task

    async def _keep(self, command: Sequence[str], stop: asyncio.Event) -> None:
        while not stop.is_set():
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "concierge",
                *command,
                "--with-parent",
                env=self.environ,
                stdin=asyncio.subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is ours to pass on, in order
            )
            begun = asyncio.create_task(self._let_begin(child))
            ended, told = asyncio.create_task(child.wait()), asyncio.create_task(stop.wait())
            await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
            begun.cancel()
            if stop.is_set() and child.returncode is None:
                child.terminate()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ended, PATIENCE)
                if child.returncode is None:
                    child.kill()
                    await child.wait()
            told.cancel()
            if not stop.is_set():
                print(f"{command[0]} ended with status {child.returncode}; starting it again", flush=True)
                await asyncio.sleep(1)

    async def _let_begin(self, child: asyncio.subprocess.Process) -> None:
        await self.prepared.wait()
        if child.stdin is not None:
            child.stdin.write(b"\n")

    async def _is_ready(self) -> bool:
        import httpx  # noqa: PLC0415  while the children load, not before they are started

        url = f"http://{self.settings.host}:{self.settings.port}/health/ready"
        deadline = asyncio.get_running_loop().time() + PATIENCE
        async with httpx.AsyncClient() as client:
            while not self.stop.is_set() and asyncio.get_running_loop().time() < deadline:
                with contextlib.suppress(httpx.HTTPError):
                    if (await client.get(url)).is_success:
                        return True
                await asyncio.sleep(0.05)
        return False
