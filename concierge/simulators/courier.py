"""Webhooks on their way to us: each posted until it is answered with 200, as Meta does it, only sooner."""

import asyncio
from collections.abc import Sequence
from typing import Self

import httpx

from concierge.simulators.graph_webhooks import Webhook

WAITS = (0.5, 1, 2, 5, 10, 20, 30, 60, 60, 60)  # seconds between two tries; Meta goes on for days
TIMEOUT = 10.0


class Courier:
    """Posts to one address. Use as an async context manager."""

    def __init__(self, url: str, *, waits: Sequence[float] = WAITS) -> None:
        self.url, self.waits = url, waits
        self.tries = 0
        self._client = httpx.AsyncClient(timeout=TIMEOUT, limits=httpx.Limits(max_connections=64))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def deliver(self, webhook: Webhook) -> bool:
        """Post until it is taken; False when we never did."""
        for wait in (*self.waits, None):
            if await self.post(webhook):
                return True
            if wait is not None:
                await asyncio.sleep(wait)
        return False

    async def post(self, webhook: Webhook) -> bool:
        """Post once; whether it was taken."""
        headers, body = webhook
        self.tries += 1
        try:
            answer = await self._client.post(self.url, headers=headers, content=body)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200
