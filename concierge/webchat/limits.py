"""How much one address and one session may do, per web process.

In memory, unlike the pacing of what we send: these limits protect the process and its database from a flood, so asking
must cost neither. Behind n processes a visitor may do up to n times as much, which is still little.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from concierge.errors import TooMany

MOST_REMEMBERED = 100_000  # keys of one limit; then those that are at rest are forgotten
ALL_STREAMS = 1_000  # open at once in one process: half of the connections it takes, webhooks need the others
MOST_STREAMS = 6  # open at once in one session: a browser keeps no more to one host


class Limit:
    """GCRA: `burst` at once, then one every `period` seconds, for each key."""

    def __init__(self, *, burst: int, period: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._period = period
        self._room = (burst - 1) * period
        self._clock = clock
        self._due: dict[object, float] = {}  # key → when it will be at rest

    def take(self, key: object) -> None:
        """One more. Raises TooMany with the seconds until the next may come."""
        now = self._clock()
        due = max(self._due.get(key, now), now)
        if due - now > self._room:
            raise TooMany("too much at once; please slow down", retry_after=due - now - self._room)
        if len(self._due) >= MOST_REMEMBERED:
            self._due = {each: at for each, at in self._due.items() if at > now}
        self._due[key] = due + self._period


class Limits:
    """The limits of web chat."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.sessions = Limit(burst=20, period=6.0, clock=clock)  # by address: many people share one in an office
        self.messages = Limit(burst=10, period=2.0, clock=clock)  # by session: 30 a minute
        self.requests = Limit(burst=60, period=0.2, clock=clock)  # by session: whatever else it asks, 300 a minute
        self._streams: dict[UUID, int] = {}

    @contextmanager
    def stream(self, session_id: UUID) -> Iterator[None]:
        """One open stream for as long as the block runs. Raises TooMany."""
        if sum(self._streams.values()) >= ALL_STREAMS:
            raise TooMany("too many streams are open here", retry_after=5)
        count = self._streams.get(session_id, 0)
        if count >= MOST_STREAMS:
            raise TooMany("this session has too many streams open", retry_after=5)
        self._streams[session_id] = count + 1
        try:
            yield
        finally:
            left = self._streams[session_id] - 1
            if left:
                self._streams[session_id] = left
            else:
                del self._streams[session_id]
