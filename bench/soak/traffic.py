"""Meta's side of a soak: people who write, each message delivered twice; what we send, taken and reported.

What is counted here is Meta's own ledger, kept by the simulator and never read from our database.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import Any, Self

from bench.rig import ACCOUNT, SECRET
from concierge.simulators.courier import Courier
from concierge.simulators.graph_api import Behaviour, GraphApi, drop, error
from concierge.simulators.graph_webhooks import Webhook
from concierge.simulators.graph_windows import Windows
from concierge.simulators.reporting import Course, Report, Reporter

TOKEN = "soak-token"
LATER = 3.0  # seconds within which the second delivery of a message comes
FAILS = 50  # one of so many messages cannot be delivered, says a receipt
READ: Course = (("sent", 0.2), ("delivered", 0.5), ("read", 2.0))
FAILED: Course = (("failed", 1.0),)

Trouble = Sequence[Callable[[], Behaviour]]
LOST: Trouble = (lambda: drop(accepting=True), lambda: drop(accepting=True, after=1.0))  # taken, and no answer
EVERY: Trouble = (*LOST, lambda: error(131056), lambda: error(130429))  # and not taken: again in 30 seconds
PAUSE = 3.0  # seconds between two of them


class Traffic:
    """`people` write in turn; their messages are about parcels, each a name of its own.

    Meta takes seconds for second deliveries and receipts; with `haste` so many times less.
    """

    def __init__(self, *, people: int, haste: float = 1.0, seed: int = 3) -> None:
        self.dice, self.haste = Random(seed), haste
        self.graph = GraphApi(token=TOKEN, phone_number_id=ACCOUNT, secret=SECRET, run="SOAK")
        self.graph.windows = Windows()
        self.reporter = Reporter(self._tell, course=self._course, doubled=True, dice=self.dice, most=20)
        self.graph.taken = self.reporter.take
        self.wrote: dict[str, tuple[str, int]] = {}  # id of a message → who wrote it, and which one it is
        self.fates: dict[str, str] = {}  # id of a message of ours → the last there is to say about it
        self.untaken: list[str] = []  # what we never answered with 200, after all tries
        self.answers: list[float] = []  # seconds until a message was answered
        self._courier: Courier
        self._turns = [asyncio.Lock() for _ in range(people)]

    @asynccontextmanager
    async def serving(self, port: int) -> AsyncIterator[Self]:
        """The Graph API on this port, and its reports to whoever was named by `connect`."""
        async with self.graph.serving(port):
            reporting = asyncio.create_task(self.reporter.run())
            yield self
            reporting.cancel()
            await asyncio.gather(reporting, return_exceptions=True)

    @property
    def posts(self) -> int:
        """Webhooks posted so far."""
        return self._courier.tries

    @asynccontextmanager
    async def connected(self, url: str) -> AsyncIterator[None]:
        """Webhooks go to this address."""
        async with Courier(url) as self._courier:
            yield

    async def write(self, *, rate: float, seconds: float) -> None:
        """So many messages a second, whatever we answer; but nobody writes again before their last one is taken."""
        begin, writing = time.monotonic(), []
        for n in range(round(rate * seconds)):
            await asyncio.sleep(max(0.0, begin + n / rate - time.monotonic()))
            writing.append(asyncio.create_task(self._write(n)))
        await asyncio.gather(*writing)

    async def trouble(self, kinds: Trouble, *, pause: float) -> None:
        """Something goes wrong on Meta's side every few seconds, until cancelled."""
        while kinds:
            for kind in kinds:
                await asyncio.sleep(pause)
                self.graph.next(kind())

    async def _write(self, n: int) -> None:
        turn, id = n % len(self._turns), f"wamid.IN{n:08}"
        person, later = f"1650{turn:07}", self.dice.uniform(0, LATER / self.haste)
        async with self._turns[turn]:
            text = f"Please remind me tomorrow at 9am to ask about parcel {parcel(n)}"
            webhook = self.graph.wrote(person, text, id=id, name=f"Person {turn}", at=int(time.time()))
            self.wrote[id] = (person, n)
            if at_once := n % 2 == 0:
                await asyncio.gather(self._deliver(webhook, id), self._deliver(webhook, id))
            else:
                await self._deliver(webhook, id)
        if not at_once:
            await asyncio.sleep(later)
            await self._deliver(webhook, id)

    async def _deliver(self, webhook: Webhook, what: str) -> None:
        begun = time.monotonic()
        if not await self._courier.deliver(webhook):
            self.untaken.append(what)
        self.answers.append(time.monotonic() - begun)

    def _course(self, message: dict[str, Any]) -> Course:
        course = FAILED if self.dice.randrange(FAILS) == 0 else READ
        self.fates[message["wamid"]] = course[-1][0]
        return [(status, pause / self.haste) for status, pause in course]

    async def _tell(self, reports: list[Report]) -> None:
        if not await self._courier.deliver(self.graph.report(reports, at=int(time.time()))):
            self.untaken.append("a receipt")


def parcel(n: int) -> str:
    """What message n is about."""
    return f"P{n:07}"
