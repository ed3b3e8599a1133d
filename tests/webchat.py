"""A visitor with a widget: sessions and messages through the door, streams over a real socket."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec

from concierge.channels.webchat import WebChatTransport
from concierge.clock import system_clock
from concierge.runtime import Runtime
from concierge.web.serve import make_server
from tests.apps import lent
from tests.fakes import FrozenClock
from tests.saying import say
from tests.serving import serving
from tests.world import World, make_settings, open_world

PAGE = "https://shop.example"
SECRET = "identity-secret-of-the-page"
SETTINGS = {"WEBCHAT_ORIGINS": PAGE, "WEBCHAT_IDENTITY_SECRET": SECRET}


def chatting(runtime: Runtime) -> Runtime:
    """With the real transport beside the recording ones."""
    return msgspec.structs.replace(runtime, transports={**runtime.transports, "webchat": WebChatTransport()})


def on_time(runtime: Runtime) -> Runtime:
    """The same on the machine's own clock: for tokens that expire while somebody listens."""
    return msgspec.structs.replace(chatting(runtime), clock=system_clock)


@asynccontextmanager
async def chat_world(url: str, clock: FrozenClock, arrange: Any = chatting, **changes: str) -> AsyncIterator[World]:
    """A world whose page is PAGE."""
    async with open_world(url, clock, arrange=arrange, **(SETTINGS | changes)) as world:
        yield world


def local_client(**options: Any) -> httpx.AsyncClient:
    """A client of this machine: one that may ask everybody reads everybody's certificates first, for 30 ms."""
    return httpx.AsyncClient(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False, **options)


@asynccontextmanager
async def served(world: World, **changes: str) -> AsyncIterator[str]:
    """A web process of its own over the world's database, on a real port: its URL."""
    settings = make_settings(world.runtime.settings.database_url.reveal(), PORT="0", **(SETTINGS | changes))
    with lent(msgspec.structs.replace(world.runtime, settings=settings)) as app:
        async with serving(make_server(app, settings)) as port:
            yield f"http://127.0.0.1:{port}"


async def opened(client: httpx.AsyncClient, url: str = "", origin: str | None = PAGE, **wish: Any) -> httpx.Response:
    """A widget asks for a session."""
    headers = {"origin": origin} if origin else {}
    return await client.post(f"{url}/webchat/sessions", json={"widget": "web"} | wish, headers=headers)


class Visitor:
    """Who holds a session's token, over any client."""

    def __init__(self, client: httpx.AsyncClient, session: dict[str, Any], url: str = "") -> None:
        self.client = client
        self.session = session
        self.base = f"{url}/webchat/sessions/{session['session']}"

    @classmethod
    async def enter(cls, client: httpx.AsyncClient, url: str = "", **wish: Any) -> "Visitor":
        answer = await opened(client, url, **wish)
        assert answer.status_code == 201, answer.text
        return cls(client, answer.json(), url)

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.session['token']}", "origin": PAGE}

    async def say(self, text: str, id: str) -> httpx.Response:
        body = {"client_message_id": id, "text": text}
        return await self.client.post(f"{self.base}/messages", json=body, headers=self.headers)

    async def listed(self, after: int = 0) -> list[dict[str, Any]]:
        answer = await self.client.get(f"{self.base}/messages", params={"after": after}, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["data"])

    async def ack(self, seq: int, **more: Any) -> httpx.Response:
        return await self.client.post(f"{self.base}/ack", json={"seq": seq} | more, headers=self.headers)

    @asynccontextmanager
    async def stream(self, after: int | None = None) -> AsyncIterator["Tab"]:
        """A tab that listens, over a real server."""
        headers = self.headers | ({} if after is None else {"last-event-id": str(after)})
        async with self.client.stream("GET", f"{self.base}/events", headers=headers, timeout=None) as answer:
            yield Tab(answer)


class Tab:
    """One open stream, read an event at a time."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.lines = answer.aiter_lines()
        self.comments = 0
        self.typing = 0

    async def next(self, within: float = 15.0) -> dict[str, Any]:
        """The next event, with its `event` name and `id`. Raises StopAsyncIteration at the end of the stream."""
        async with asyncio.timeout(within):
            fields: dict[str, str] = {}
            async for line in self.lines:
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif fields.get("event") == "typing":
                    self.typing, fields = self.typing + 1, {}
                elif "data" in fields:
                    return json.loads(fields["data"]) | {"event": fields.get("event"), "id": fields.get("id")}
                else:
                    fields = {}
        raise StopAsyncIteration

    async def texts(self, count: int, within: float = 15.0) -> list[tuple[int, str]]:
        """(seq, text) of the next `count` messages."""
        events = [await self.next(within) for _ in range(count)]
        return [(int(event["id"]), event["text"]) for event in events]

    async def is_quiet(self, seconds: float = 0.3) -> bool:
        """Whether nothing comes; the tab is of no use afterwards."""
        with contextlib.suppress(TimeoutError):
            await self.next(seconds)
            return False
        return True


async def say_back(world: World, text: str, *, key: str, session: str) -> None:
    """The business says something to the visitor: posted like every message of ours, not yet delivered."""
    conversation = await world.one(
        """select c.id from webchat_session s join conversation c on c.identity_id = s.identity_id
           where s.id = %(session)s""",
        session=session,
    )
    await say(world, text, key=key, conversation=conversation)
