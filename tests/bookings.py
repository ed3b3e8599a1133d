"""Bookings as tests make them."""

from datetime import datetime
from typing import Any

import httpx

from tests.world import KEY, World

PHONE = "+4915112345678"
HEADERS = {"x-api-key": KEY}


async def ask(world: World, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """A caller of the API."""
    said = {} if body is None else {"json": body}
    return await world.client.request(method, path, headers=HEADERS | headers, **said)


async def book(world: World, starts_at: str, **more: Any) -> dict[str, Any]:
    """A booking that can be said by WhatsApp at any time, unless the customer is somebody else."""
    customer = {"name": "Alice", "phone": PHONE, "language": "en"} | more.pop("customer", {})
    body = {"customer": customer, "service": "Haircut", "provider": "Sam", "starts_at": starts_at}
    answer = await ask(world, "POST", "/v1/bookings", body | more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def policy(world: World, **facts: Any) -> str:
    """The id of a policy."""
    answer = await ask(world, "POST", "/v1/reminder-policies", {"name": "for a test"} | facts)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def window(world: World) -> None:
    """WhatsApp takes free text from everybody: what it takes otherwise is told elsewhere."""
    await world.execute("update conversation set window_until = '2100-01-01'")


async def reminders(world: World, *, version: int | None = None) -> list[tuple[int, str, datetime]]:
    """(n, status, due) of the newest plan of all bookings, or of another."""
    return await world.rows(
        """select r.n, r.status, r.due_at from reminder r join booking b on b.id = r.booking_id
           where r.schedule_version = coalesce(%(version)s, b.schedule_version) order by b.created_at, r.n""",
        version=version,
    )
