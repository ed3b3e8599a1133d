"""Meta's Graph API as a sender on WhatsApp and Instagram meets it: shapes, windows, rates, and all that goes wrong.

async with GraphApi().serving() as graph:
    account.settings["base_url"] = graph.url
    graph.next(error(131056))          # the next request is answered so; then all is well again
    graph.next(drop(accepting=True))   # Meta takes the message, and the answer is lost
    graph.windows = Windows()          # only who wrote within 24 hours may be written to; None: everybody
    graph.taken = lambda message: …    # told of every message that is taken
    headers, body = graph.status(graph.accepted[0], "delivered")   # a signed webhook, for us
    await graph.deliver(url, graph.statuses("sent", "delivered", doubled=True, dice=Random(1)))
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from random import Random
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from concierge.simulators import graph_webhooks as webhooks
from concierge.simulators.graph_rules import Fault, Limits, instagram_fault, whatsapp_fault
from concierge.simulators.graph_webhooks import Webhook
from concierge.simulators.graph_windows import Windows
from concierge.simulators.serving import Answer, Request, json_answer, serving


class Behaviour(Struct, kw_only=True):
    """What becomes of one request: whether the message is taken, after how long (s), and what is said."""

    accepting: bool = False
    after: float = 0
    answer: Answer | None = None
    honest: bool = False  # what is said is what would have been said anyway


def error(
    code: int, status: int = 400, message: str = "(#0) Simulated", *, subcode: int | None = None, **headers: str
) -> Behaviour:
    """An answer in Meta's shape for errors."""
    said = {
        "message": message,
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": "as commanded"},
        "fbtrace_id": "AbCdEfGhIjK",
    }
    body = {"error": said | ({"error_subcode": subcode} if subcode is not None else {})}
    return Behaviour(answer=json_answer(body, status, **headers))


def says(status: int, body: bytes = b"", *, accepting: bool = False, after: float = 0) -> Behaviour:
    """Any answer at all, at once or late."""
    return Behaviour(accepting=accepting, after=after, answer=Answer(status, body))


def drop(*, accepting: bool, after: float = 0) -> Behaviour:
    """No answer: the connection is reset."""
    return Behaviour(accepting=accepting, after=after)


def late(after: float) -> Behaviour:
    """All is well, only later."""
    return Behaviour(accepting=True, after=after, honest=True)


class GraphApi:
    """One business number and one Instagram account behind one access token."""

    def __init__(
        self,
        *,
        token: str = "token",  # noqa: S107  of nobody
        phone_number_id: str = "106540352242922",
        business_account_id: str = "102290129340398",
        instagram_id: str = "17841405822304914",
        secret: str = "app",  # noqa: S107
        run: str = "SIM",  # keeps the ids given to messages from those of other runs
    ) -> None:
        self.token, self.secret, self.run = token, secret, run
        self.phone_number_id, self.business_account_id = phone_number_id, business_account_id
        self.instagram_id = instagram_id
        self.url = ""
        self.requests = 0
        self.accepted: list[dict[str, Any]] = []  # the payloads Meta took, each with its "wamid" or "mid"
        self.acknowledged: list[dict[str, Any]] = []  # what was marked as read, or typed to
        self.templates: list[dict[str, Any]] = []  # as GET …/message_templates lists them
        self.page = 2  # templates a page
        self.media: dict[str, tuple[bytes, str]] = {}  # id → bytes and MIME type
        self.windows: Windows | None = None
        self.human_agent = False  # whether Meta has granted it to the app
        self.limits = Limits()
        self.taken: Callable[[dict[str, Any]], None] = lambda _message: None
        self._next: deque[Behaviour] = deque()

    def next(self, *behaviours: Behaviour) -> None:
        """The coming requests fare like this, one each."""
        self._next.extend(behaviours)

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[Self]:
        """Listen, on a free port unless told; `url` then names it."""
        async with serving(self.answer, port=port) as self.url:
            yield self

    def status(self, message: dict[str, Any], status: str, **more: Any) -> Webhook:
        """The webhook that reports it."""
        reported = webhooks.whatsapp_status(message, status, **more)
        body = webhooks.whatsapp(self.phone_number_id, self.business_account_id, statuses=[reported])
        return webhooks.signed(body, self.secret)

    def statuses(self, *names: str, doubled: bool = False, dice: Random | None = None) -> list[Webhook]:
        """The webhooks that report these about every message taken."""
        every = [self.status(message, name) for message in self.accepted for name in names]
        return webhooks.mixed(every, doubled=doubled, dice=dice)

    def echoes(self, *, doubled: bool = False, dice: Random | None = None) -> list[Webhook]:
        """Instagram's echo of every message taken."""
        items = [webhooks.instagram_echo(self.instagram_id, message) for message in self.accepted]
        every = [webhooks.signed(webhooks.instagram(self.instagram_id, item), self.secret) for item in items]
        return webhooks.mixed(every, doubled=doubled, dice=dice)

    def wrote(self, person: str, text: str, *, id: str, name: str, at: int) -> Webhook:
        """Somebody writes on WhatsApp; for a day from then on they may be written to."""
        self._opens(person, at)
        value = webhooks.whatsapp_text(person, text, id=id, name=name, at=at)
        return webhooks.signed(webhooks.whatsapp(self.phone_number_id, self.business_account_id, **value), self.secret)

    def heard(self, person: str, text: str, *, mid: str, at: int = webhooks.AT) -> Webhook:
        """Somebody writes on Instagram; for a day from then on they may be written to."""
        self._opens(person, at)
        item = webhooks.instagram_text(self.instagram_id, person, mid, text, at=at)
        return webhooks.signed(webhooks.instagram(self.instagram_id, item), self.secret)

    def _opens(self, person: str, at: int) -> None:
        if self.windows is not None:
            self.windows.heard(person, at)

    def report(self, reports: Sequence[tuple[dict[str, Any], str]], *, at: int) -> Webhook:
        """One webhook with all these (message, status) of WhatsApp, as Meta puts several into one."""
        items = [webhooks.whatsapp_status(message, status, at=at) for message, status in reports]
        return webhooks.signed(
            webhooks.whatsapp(self.phone_number_id, self.business_account_id, statuses=items), self.secret
        )

    def tell(self, message: dict[str, Any], status: str, *, at: int) -> Webhook:
        """Instagram on a message it took: `sent` is its echo, everything else that it was read."""
        told = webhooks.instagram_echo if status == "sent" else webhooks.instagram_read
        return webhooks.signed(
            webhooks.instagram(self.instagram_id, told(self.instagram_id, message, at=at)), self.secret
        )

    async def deliver(self, url: str, posts: list[Webhook]) -> list[int]:
        """Post webhooks to us, all at once; the statuses that came back."""
        return await webhooks.deliver(url, posts)

    async def answer(self, request: Request) -> Answer | None:
        """What one request is answered with; None: the connection is reset."""
        self.requests += 1
        behaviour = self._next.popleft() if self._next else None
        if behaviour is None:
            return self._honest(request)
        honest = self._honest(request) if behaviour.accepting else None
        await asyncio.sleep(behaviour.after)
        return honest if behaviour.honest else behaviour.answer

    def _honest(self, request: Request) -> Answer | None:
        """What Meta says when nothing goes wrong on its side."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return error(190, 401, "Invalid OAuth access token - Cannot parse access token").answer
        url = urlsplit(request.path)
        answer = error(100, 400, f"Unsupported request to {request.path}").answer
        match request.method, url.path.strip("/").split("/")[1:]:
            case "POST", [self.phone_number_id, "messages"]:
                answer = self._whatsapp(request.json())
            case "POST", [self.instagram_id | "me", "messages"]:
                answer = self._instagram(request.json())
            case "POST", [self.phone_number_id, "media"]:
                answer = self._upload(request)
            case "GET", [self.business_account_id, "message_templates"]:
                answer = self._listed(parse_qs(url.query))
            case "GET", ["file", id] if id in self.media:
                answer = Answer(200, self.media[id][0], {"content-type": self.media[id][1]})
            case "GET", [id] if id in self.media:
                answer = self._place(id)
        return answer

    def _whatsapp(self, payload: dict[str, Any]) -> Answer | None:
        if fault := whatsapp_fault(payload, self.templates, self.windows):
            return _refusal(fault)
        if payload.get("status") == "read":
            self.acknowledged.append(payload)
            return json_answer({"success": True})
        if fault := self.limits.fault(payload.get("to") or payload.get("recipient", "")):
            return _refusal(fault)
        wamid = f"wamid.{self.run}{len(self.accepted) + 1:08}"
        self._take({**payload, "wamid": wamid})
        if "to" in payload:
            contact = {"input": payload["to"], "wa_id": payload["to"].lstrip("+")}
        else:
            contact = {"input": payload["recipient"], "user_id": payload["recipient"]}
        return json_answer({"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]})

    def _instagram(self, payload: dict[str, Any]) -> Answer | None:
        fault = instagram_fault(payload, self.windows, human_agent=self.human_agent)
        fault = fault or self.limits.fault(payload["recipient"]["id"])
        if fault:
            return _refusal(fault)
        mid = f"aWdf{self.run}{len(self.accepted) + 1:08}"
        self._take({**payload, "mid": mid})
        return json_answer({"recipient_id": payload["recipient"]["id"], "message_id": mid})

    def _take(self, message: dict[str, Any]) -> None:
        self.accepted.append(message)
        self.taken(message)

    def _upload(self, request: Request) -> Answer:
        id = str(1_000_000 + len(self.media))
        self.media[id] = (request.body, request.headers.get("content-type", ""))
        return json_answer({"id": id})

    def _place(self, id: str) -> Answer:
        content, mime_type = self.media[id]
        facts = {"mime_type": mime_type, "sha256": sha256(content).hexdigest(), "file_size": len(content), "id": id}
        return json_answer({"messaging_product": "whatsapp", "url": f"{self.url}/cdn/file/{id}", **facts})

    def _listed(self, query: dict[str, list[str]]) -> Answer:
        first = int(query.get("after", ["0"])[0])
        last = first + min(self.page, int(query.get("limit", ["25"])[0]))
        paging: dict[str, Any] = {"cursors": {"before": str(first), "after": str(last)}}
        if last < len(self.templates):
            paging["next"] = f"{self.url}/next"
        return json_answer({"data": self.templates[first:last], "paging": paging})


def _refusal(fault: Fault) -> Answer | None:
    code, subcode, message = fault
    return error(code, 400, message, subcode=subcode).answer
