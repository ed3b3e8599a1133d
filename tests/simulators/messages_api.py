"""Anthropic's Messages API on loopback: it checks what is sent, answers as it was told, and keeps every request.

What it knows of the API is what was measured with SDK 2.x: Bearer or x-api-key, an `anthropic-version`, no sampling
parameters, structured output by a strict JSON schema. `outcomes` are used up one a request; then `answer` is asked.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from concierge.simulators.serving import Answer, Request, json_answer, serving
from tests.simulators.faults import Dropping, Failing, Outcome, Raw, Saying, Slow, Stopping, Thinking

KEY = "sk-ant-simulated"
ERRORS = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
    404: "not_found_error", 408: "timeout_error", 409: "conflict_error", 413: "request_too_large",
    422: "invalid_request_error", 429: "rate_limit_error", 500: "api_error", 502: "api_error", 503: "api_error",
    504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip


class MessagesApi:
    """`answer` turns a request's body into the value that is sent back as JSON text."""

    def __init__(self, answer: Callable[[dict[str, Any]], Any]) -> None:
        self.answer = answer
        self.outcomes: list[Outcome] = []
        self.requests: list[Request] = []
        self.url = ""
        self._ids = count(1)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [request.json() for request in self.requests]

    @property
    def seen(self) -> str:
        """Everything that reached the server, for asserting what did not."""
        return "\n".join(f"{request.path} {request.headers} {request.body.decode()}" for request in self.requests)

    async def handle(self, request: Request) -> Answer | None:
        self.requests.append(request)
        request_id = f"req_{next(self._ids)}"
        problem = _problem(request)
        if problem:
            return _error(*problem, request_id)
        outcome = self.outcomes.pop(0) if self.outcomes else None
        match outcome:
            case Failing(status, headers, code):
                return _error(status, "simulated", request_id, headers, code)
            case Dropping():
                return None
            case Raw(body, content_type):
                return Answer(200, body, {"content-type": content_type, "request-id": request_id})
            case Stopping(reason, text):
                return _message(request.json(), text, request_id, reason)
            case Saying(text):
                return _message(request.json(), text, request_id)
            case Slow(seconds):
                await asyncio.sleep(seconds)
        body = request.json()
        return _message(body, json.dumps(self.answer(body)), request_id, thinking=isinstance(outcome, Thinking))


@asynccontextmanager
async def messages_api(answer: Callable[[dict[str, Any]], Any]) -> AsyncIterator[MessagesApi]:
    """The simulator, listening; its `url` is the SDK's base URL."""
    api = MessagesApi(answer)
    async with serving(api.handle) as api.url:
        yield api


def _problem(request: Request) -> tuple[int, str] | None:
    """Status and words of what is wrong with a request, if anything is."""
    sent = request.headers
    if f"Bearer {KEY}" != sent.get("authorization") and sent.get("x-api-key") != KEY:
        return 401, "invalid key"
    if (request.method, request.path) != ("POST", "/v1/messages"):
        return 404, "no such route"
    if "anthropic-version" not in sent or not sent.get("content-type", "").startswith("application/json"):
        return 400, "headers"
    try:
        body = request.json()
    except ValueError:
        return 400, "not JSON"
    return next(((400, words) for words in _complaints(body)), None)


def _complaints(body: dict[str, Any]) -> list[str]:
    wrong = {
        "model": not isinstance(body.get("model"), str),
        "max_tokens": not isinstance(body.get("max_tokens"), int) or body["max_tokens"] < 1,
        "messages": not body.get("messages") or body["messages"][0]["role"] != "user",
        "sampling parameters": bool(body.keys() & {"temperature", "top_p", "top_k"}),
        "unknown fields": bool(
            body.keys() - {"model", "max_tokens", "messages", "system", "output_config", "metadata", "thinking"}
        ),
        "metadata": bool(body.get("metadata", {}).keys() - {"user_id"}),
        "schema": not _strict(body.get("output_config", {}).get("format", {"schema": {"type": "object"}})["schema"]),
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def _strict(schema: Any) -> bool:
    """No reference, and every object closed with all its properties required."""
    if isinstance(schema, list):
        return all(_strict(each) for each in schema)
    if not isinstance(schema, dict):
        return True
    properties = schema.get("properties", {})
    closed = (
        schema.get("type") != "object"
        or not properties
        or (schema.get("additionalProperties") is False and set(schema.get("required", ())) == set(properties))
    )
    return "$ref" not in schema and closed and all(_strict(each) for each in schema.values())


def _error(
    status: int, words: str, request_id: str, headers: dict[str, str] | None = None, code: str | None = None
) -> Answer:
    details = {"details": {"error_code": code}} if code else {}
    error = {"type": ERRORS.get(status, "api_error"), "message": words, **details}
    return json_answer(
        {"type": "error", "error": error, "request_id": request_id},
        status,
        **{"request-id": request_id, **(headers or {})},
    )


def _message(
    body: dict[str, Any], text: str | None, request_id: str, reason: str = "end_turn", *, thinking: bool = False
) -> Answer:
    blocks: list[dict[str, Any]] = [{"type": "thinking", "thinking": "…", "signature": "s"}] if thinking else []
    if text is not None:
        blocks.append({"type": "text", "text": text})
    stopped = {"type": "refusal", "category": "simulated", "explanation": "…"} if reason == "refusal" else None
    usage = {"input_tokens": 30, "cache_read_input_tokens": 12, "cache_creation_input_tokens": 0, "output_tokens": 20}
    message = {
        "id": f"msg_{request_id}", "type": "message", "role": "assistant", "model": body["model"], "content": blocks,
        "stop_reason": reason, "stop_sequence": None, "stop_details": stopped, "usage": usage,
    }  # fmt: skip
    return json_answer(message, **{"request-id": request_id})
