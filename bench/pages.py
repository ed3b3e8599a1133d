"""Whether every page of the console stays under its promise of 200 ms when the tables are full.

A real web process, an operator's session, and a business with 200,000 contacts and a million each of inbound messages,
outbound messages, follow-ups, reminders of bookings, events, questions to models and finished jobs. Each address is
asked for several times, one after another; the time is that of the whole answer, over loopback.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.client import HTTPConnection
from statistics import median
from typing import LiteralString

from bench.addresses import addresses
from bench.filling import fill
from bench.pages_rows import MORE
from bench.report import Line
from bench.rig import Rig
from concierge.console.activity import count
from concierge.console.sessions import COOKIE
from concierge.wiring import wire

PEOPLE = 200_000
PROMISE = 200.0  # milliseconds
TOKEN = "a session of the benchmark"


def measure(rig: Rig, *, seconds: float, rounds: int) -> list[Line]:  # noqa: ARG001  as long as it takes
    fill(rig, *MORE, people=PEOPLE)
    _sign_in(rig)
    asyncio.run(_counted(rig))
    times: dict[str, list[float]] = {}
    with rig.web() as port:
        pages = addresses(rig)
        for _ in range(2 + 3 * rounds):  # the first two rounds: statements are prepared, pages are in memory
            for name, path in pages.items():
                times.setdefault(name, []).append(_asked(port, path))
    return [_line(name, each[2:], first=each[0]) for name, each in times.items()]


async def _counted(rig: Rig) -> None:
    """The minutes of the charts, as a worker would have counted them."""
    runtime = wire(rig.settings, name="bench")
    await runtime.pool.open()
    await count(runtime)
    await runtime.close()


def _line(name: str, times: list[float], *, first: float) -> Line:
    typical = median(times)
    verdict = "" if max(times) <= PROMISE else "over 200 ms" if typical > PROMISE else "over 200 ms once"
    return Line(name, f"{typical:.0f} ms", verdict, f"{min(times):.0f} to {max(times):.0f} ms, cold {first:.0f} ms")


def _asked(port: int, path: str) -> float:
    """Milliseconds until the page is there, whole. Raises RuntimeError where it is none."""
    begun = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", f"/console{path}", headers={"cookie": f"{COOKIE}={TOKEN}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200 or b'<main id="main">' not in body:
        raise RuntimeError(f"{path}: {answer.status} {body[:500]!r}")
    return (time.perf_counter() - begun) * 1000


def _sign_in(rig: Rig) -> None:
    """An admin who also sees the machine."""
    now = datetime.now(UTC)
    rig.rows(_OPERATOR, now, sha256(TOKEN.encode()).digest(), now, now, now + timedelta(days=1))


_OPERATOR: LiteralString = """
    with hired as (
        insert into operator (tenant_id, login, name, role, platform, password_hash, created_at)
        select id, 'bench', 'Bench', 'admin', true, 'none', %s from tenant order by created_at limit 1
        returning id, tenant_id)
    insert into console_session (token_hash, tenant_id, operator_id, csrf, created_at, seen_at, expires_at)
    select %s, tenant_id, id, 'ours', %s, %s, %s from hired
"""
