"""Meta's Graph API as a WhatsApp sender meets it: tokens, shapes, wamids, error codes, and everything that goes wrong.

async with GraphApi().serving() as graph:
    account.settings["base_url"] = graph.url
    graph.next(error(131056))          # the next request is answered so; then all is well again
    graph.next(drop(accepting=True))   # Meta takes the message, and the answer is lost
    headers, body = graph.status(graph.accepted[0], "delivered")   # a signed webhook, for us
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from msgspec import Struct

from concierge.channels.signature import sign
from tests.simulators.serving import Answer, Request, json_answer, serving


class Behaviour(Struct, kw_only=True):
    """What becomes of one request: whether the message is taken, after how long, and what is said."""

    accepting: bool = False
    after: float = 0
    answer: Answer | None = None


def error(code: int, status: int = 400, message: str = "(#0) Simulated", **headers: str) -> Behaviour:
    """An answer in Meta's shape for errors."""
    body = {
        "error": {
            "message": message,
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": "as commanded"},
            "fbtrace_id": "AbCdEfGhIjK",
        }
    }
    return Behaviour(answer=json_answer(body, status, **headers))


def says(status: int, body: bytes = b"", *, accepting: bool = False) -> Behaviour:
    """Any answer at all."""
    return Behaviour(accepting=accepting, answer=Answer(status, body))


def drop(*, accepting: bool, after: float = 0) -> Behaviour:
    """No answer: the connection is reset."""
    return Behaviour(accepting=accepting, after=after)


class GraphApi:
    """One business number behind one access token."""

    def __init__(self, *, token: str = "token", phone_number_id: str = "106540352242922", secret: str = "app") -> None:
        self.token, self.phone_number_id, self.secret = token, phone_number_id, secret
        self.url = ""
        self.requests = 0
        self.accepted: list[dict[str, Any]] = []  # the payloads Meta took, each with its "wamid"
        self._next: deque[Behaviour] = deque()

    def next(self, *behaviours: Behaviour) -> None:
        """The coming requests fare like this, one each."""
        self._next.extend(behaviours)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        async with serving(self._answer) as self.url:
            yield self

    def status(self, message: dict[str, Any], status: str, **more: object) -> tuple[dict[str, str], bytes]:
        """The headers and body of the webhook that reports it."""
        reported = {
            "id": message["wamid"],
            "status": status,
            "timestamp": "1749416385",
            "recipient_id": message.get("to", "").removeprefix("+"),
            "biz_opaque_callback_data": message["biz_opaque_callback_data"],
            **more,
        }
        metadata = {"display_phone_number": "15550783881", "phone_number_id": self.phone_number_id}
        value = {"messaging_product": "whatsapp", "metadata": metadata, "statuses": [reported]}
        entry = {"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        return {"content-type": "application/json", "x-hub-signature-256": sign(body, self.secret)}, body

    async def _answer(self, request: Request) -> Answer | None:
        self.requests += 1
        behaviour = self._next.popleft() if self._next else None
        if behaviour is None:
            return (self._fault(request) or Behaviour(answer=self._take(request))).answer
        if behaviour.accepting:
            self._take(request)
        await asyncio.sleep(behaviour.after)
        return behaviour.answer

    def _take(self, request: Request) -> Answer:
        wamid = f"wamid.SIM{len(self.accepted) + 1:08}"
        payload = request.json()
        self.accepted.append({**payload, "wamid": wamid})
        contact = {"input": payload["to"], "wa_id": payload["to"].lstrip("+")} if "to" in payload else {}
        messages = [{"id": wamid}]
        return json_answer({"messaging_product": "whatsapp", "contacts": [contact], "messages": messages})

    def _fault(self, request: Request) -> Behaviour | None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return error(190, 401, "Invalid OAuth access token - Cannot parse access token")
        if not request.path.endswith(f"/{self.phone_number_id}/messages") or request.method != "POST":
            return error(100, 400, f"Unsupported request to {request.path}")
        fault = _wrong_with(request.json())
        return error(100, 400, f"(#100) Invalid parameter: {fault}") if fault else None


def _wrong_with(payload: dict[str, Any]) -> str | None:
    text = payload.get("text", {}).get("body", "")
    to, recipient = payload.get("to", ""), payload.get("recipient", "")
    checks = {
        "messaging_product": payload.get("messaging_product") == "whatsapp",
        "type": payload.get("type") == "text",
        "text": 0 < len(text) <= 4096,
        "to": (to.startswith("+") and to[1:].isdecimal()) if to else "." in recipient,
        "context": "context" not in payload or payload["context"].get("message_id", "").startswith("wamid."),
        "biz_opaque_callback_data": len(payload.get("biz_opaque_callback_data", "")) <= 512,
    }
    return next((name for name, fine in checks.items() if not fine), None)
