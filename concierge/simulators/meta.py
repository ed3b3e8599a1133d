"""Meta for play: a Graph API that takes what we send and reports on it by itself, and people who write to us.

Beside Meta's own paths there are three of ours, with the same token:

    POST /play/say      {"channel", "person", "text"}: somebody writes; 502 when we do not take it
    GET  /play/talk     ?person=…&since=…: what was said, with ticks
    POST /play/next     {"code": 131056} | {"lost": true} | {"slow": 3.0}: how our next request fares
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from msgspec import to_builtins

from concierge.errors import ConciergeError
from concierge.settings import Settings
from concierge.simulators.courier import Courier
from concierge.simulators.graph_api import Behaviour, GraphApi, drop, error, late
from concierge.simulators.graph_rules import Limits
from concierge.simulators.graph_webhooks import Webhook
from concierge.simulators.graph_windows import Windows
from concierge.simulators.reporting import READ_SOON, Course, Report, Reporter
from concierge.simulators.serving import Answer, Request, json_answer, serving
from concierge.simulators.talk import Said, Talk, of_business

TEMPLATE = {
    "name": "reminder",
    "language": "en",
    "status": "APPROVED",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Hello {{1}}, a reminder: {{2}}"}],
}


def address(settings: Settings) -> str:
    """Where the simulator is, as the settings say; only this machine will do."""
    url = settings.whatsapp_base_url
    if urlsplit(url).hostname not in {"127.0.0.1", "localhost"} or urlsplit(url).port is None:
        raise ConciergeError(
            f"WHATSAPP_BASE_URL is {url}, which is no simulator on this machine; `make run SIMULATE=1` starts one"
        )
    return url.rstrip("/")


class Meta:
    """The Meta that these settings expect, with their ids, token and secret.

    Reports come as `course` says; twice and in any order if dice are given.
    """

    def __init__(self, settings: Settings, *, dice: Random | None = None, course: Course = READ_SOON) -> None:
        token, secret = settings.whatsapp_access_token, settings.whatsapp_app_secret
        if token is None or secret is None:
            raise ConciergeError("the simulator needs WHATSAPP_ACCESS_TOKEN and WHATSAPP_APP_SECRET")
        self.graph = GraphApi(
            token=token.reveal(),
            secret=secret.reveal(),
            phone_number_id=settings.whatsapp_phone_number_id,
            business_account_id=settings.whatsapp_business_account_id or "",
            instagram_id=settings.instagram_account_id or "",
            run=secrets.token_hex(6).upper(),
        )
        self.graph.templates = [TEMPLATE]
        self.graph.taken = self._taken
        self.graph.windows, self.graph.human_agent = Windows(strict=False), True
        self.graph.limits = Limits(throughput=80, pair=6, burst=45)
        self.talk = Talk([])
        self._reporter = Reporter(self._tell, course=lambda _message: course, doubled=dice is not None, dice=dice)
        self._port = urlsplit(address(settings)).port or 0
        door = f"http://{settings.host}:{settings.port}/webhook"
        self._couriers = {name: Courier(f"{door}/{name}") for name in ("whatsapp", "instagram")}

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        """Listen where the settings say, until the end of the block."""
        async with serving(self._answer, port=self._port) as self.graph.url:
            reporting = asyncio.create_task(self._reporter.run())
            try:
                yield self
            finally:
                reporting.cancel()
                await asyncio.gather(reporting, return_exceptions=True)
                for courier in self._couriers.values():
                    await courier.close()

    async def _answer(self, request: Request) -> Answer | None:
        url = urlsplit(request.path)
        if not url.path.startswith("/play/"):
            return await self.graph.answer(request)
        if request.headers.get("authorization") != f"Bearer {self.graph.token}":
            return Answer(401)
        match url.path.removeprefix("/play/"):
            case "say":
                return await self._say(**request.json())
            case "talk":
                query = {name: values[-1] for name, values in parse_qs(url.query).items()}
                return self._said(query["person"], int(query.get("since", "-1")))
            case "next":
                self.graph.next(_behaviour(**request.json()))
                return Answer(204)
        return Answer(404)

    async def _say(self, *, channel: str, person: str, text: str) -> Answer:
        id, now = f"{secrets.token_hex(12).upper()}", time.time()
        webhook: Webhook
        if channel == "instagram":
            webhook = self.graph.heard(person, text, mid=f"aWdf{id}", at=int(now))
        else:
            webhook = self.graph.wrote(person, text, id=f"wamid.{id}", name="You", at=int(now))
        said = Said(id=id, channel=channel, person=person, by="person", text=text, at=now)  # type: ignore[arg-type]
        self._add(said)
        taken = await self._couriers[channel].post(webhook)
        self._reached(said, "delivered" if taken else "failed")
        return Answer(204 if taken else 502)

    def _said(self, person: str, since: int) -> Answer:
        """Everything with that person, unless nothing has changed."""
        if since == self.talk.version:
            return Answer(304)
        mine = [to_builtins(each) for each in self.talk.said if each.person == person]
        return json_answer({"said": mine, "version": self.talk.version})

    def _taken(self, message: dict[str, Any]) -> None:
        self._add(of_business(message, at=time.time()))
        self._reporter.take(message)

    async def _tell(self, reports: list[Report]) -> None:
        for message, status in reports:
            now = int(time.time())
            if "wamid" in message:
                channel, webhook = "whatsapp", self.graph.report([(message, status)], at=now)
            elif status == "delivered":  # Instagram has no such report
                continue
            else:
                channel, webhook = "instagram", self.graph.tell(message, status, at=now)
            if await self._couriers[channel].deliver(webhook):
                id = message.get("wamid") or message.get("mid")
                for said in self.talk.said:
                    if said.id == id:
                        self._reached(said, status)

    def _add(self, said: Said) -> None:
        self.talk.said.append(said)
        self.talk.version += 1

    def _reached(self, said: Said, status: str) -> None:
        said.reached(status)
        self.talk.version += 1


def _behaviour(*, code: int | None = None, lost: bool = False, slow: float = 0) -> Behaviour:
    """An error with this code; else taken, and the answer lost; else as always after so many seconds."""
    if code is not None:
        return error(code)
    return drop(accepting=True) if lost else late(slow)
