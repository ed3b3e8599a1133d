"""What the vendor says, by itself, about the messages it took: late, and if told to, twice and in any order."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from heapq import heappop, heappush
from itertools import count
from random import Random
from time import monotonic
from typing import Any

Report = tuple[dict[str, Any], str]  # a message that was taken, and a status
Course = Sequence[tuple[str, float]]  # statuses, and seconds after the message until each

READ_SOON: Course = (("sent", 0.3), ("delivered", 0.8), ("read", 2.0))
STEP = 0.05  # seconds between two looks at what is due


class Reporter:
    """Plans reports as messages are taken, and hands over those that are due, several together.

    `tell` gets them and sees to their delivery. `doubled`: each is told twice. `dice`: at any time up to that of
    the last one, so in any order, and in groups of any size up to `most`.
    """

    def __init__(
        self,
        tell: Callable[[list[Report]], Coroutine[Any, Any, None]],
        *,
        course: Callable[[dict[str, Any]], Course] = lambda _message: READ_SOON,
        doubled: bool = False,
        dice: Random | None = None,
        most: int = 1,
    ) -> None:
        self._tell, self._course, self._doubled, self._dice, self._most = tell, course, doubled, dice, most
        self._plan: list[tuple[float, int, Report]] = []
        self._number = count()
        self._told: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """How many are planned or on their way."""
        return len(self._plan) + len(self._told)

    def take(self, message: dict[str, Any]) -> None:
        """A message was taken: plan what will be said about it."""
        now, course = monotonic(), self._course(message)
        last = max((pause for _, pause in course), default=0.0)
        for status, pause in course:
            for _ in range(2 if self._doubled else 1):
                due = now + (self._dice.uniform(0, last) if self._dice else pause)
                heappush(self._plan, (due, next(self._number), (message, status)))

    async def run(self) -> None:
        """Tell what is due, until cancelled."""
        try:
            while True:
                await asyncio.sleep(STEP)
                due = self._due()
                while due:
                    size = self._dice.randint(1, self._most) if self._dice else len(due)
                    group, due = due[:size], due[size:]
                    task = asyncio.create_task(self._tell(group))
                    self._told.add(task)
                    task.add_done_callback(self._told.discard)
        finally:
            for task in self._told:
                task.cancel()
            await asyncio.gather(*self._told, return_exceptions=True)

    def _due(self) -> list[Report]:
        due, now = [], monotonic()
        while self._plan and self._plan[0][0] <= now:
            due.append(heappop(self._plan)[2])
        return due
