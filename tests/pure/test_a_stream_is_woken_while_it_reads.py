"""What a stream is woken for may have come too late for what it reads at that moment: it reads again, at once.

And once it has read that, it waits until it is woken again.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from concierge.api.caller import Caller
from concierge.live import streaming as live
from concierge.tenants import trail
from concierge.webchat import model, streaming
from concierge.webchat.limits import Limits
from tests.fakes import FrozenClock

ID, AT = UUID(int=1), datetime(2027, 3, 3, 12, tzinfo=UTC)
SAID = model.Event(seq=1, direction="out", id=ID, text="hello", at=AT)
WOKEN_ONCE = ["retry: 2000", "id: 1", ":", "event: end"]  # the colon says that it has waited
HAPPENED = trail.Event(1, "task", ID, "task.done", None, "done", None, None, AT)


class Late:
    """What streams read from: news come when nothing was found, and are there at the next look; then it ends."""

    def __init__(self, news: Any) -> None:
        self.runtime = self
        self.clock = FrozenClock(AT)
        self.news = [news]
        self.ending = False
        self.looks = 0

    @contextmanager
    def waking(self, _whose: Any, flag: asyncio.Event) -> Iterator[None]:
        self.flag = flag
        yield

    async def read(self, _whose: Any, _after: int) -> list[Any]:
        self.looks += 1
        if self.looks == 1:
            self.flag.set()
            return []
        self.ending = True
        return self.news


async def heard(stream: Any) -> list[str]:
    """The first line of each message; nobody leaves before the end."""
    lines: list[str] = []

    async def send(message: Any) -> None:
        lines.append(message.get("body", b"").decode().partition("\n")[0].strip())

    await stream({}, asyncio.Event().wait, send)
    return [line for line in lines if line]


async def test_of_a_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "HEARTBEAT", 0)  # it would wait for so long, and then say that it lives
    session = model.Session(
        id=ID,
        tenant_id=ID,
        channel_account_id=ID,
        widget="web",
        address="a",
        conversation_id=None,
        last_seq=0,
        delivered_seq=0,
        read_seq=0,
    )
    streams: Any = Late(SAID)
    expires_at = AT.replace(year=2028)
    stream = streaming.EventStream(streams, Limits(), session, after=0, expires_at=expires_at)
    assert await heard(stream) == WOKEN_ONCE


async def test_of_a_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0)
    tail: Any = Late(HAPPENED)
    stream = live.EventStream(tail, Caller(ID, ID, [], "key:a"), after=0)
    assert await heard(stream) == WOKEN_ONCE
