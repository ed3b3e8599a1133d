"""OpenAI's two formats on loopback: Responses with conversations and stored prompts, and chat completions.

It checks what is sent (keys, strict schemas, unknown fields), answers as it was told, and keeps every request. What it
knows of the formats is in the vendors' documentation: platform.openai.com/docs/api-reference, console.groq.com/docs.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from concierge.simulators.serving import Answer, Request, json_answer, serving
from tests.simulators.faults import Dropping, Failing, Outcome, Raw, Saying, Slow, Stopping

KEY = "sk-simulated"
CHAT = {"model", "messages", "max_tokens", "response_format"}
RESPONSES = {
    "model", "instructions", "input", "max_output_tokens", "text", "store", "conversation", "prompt",
    "prompt_cache_key", "safety_identifier",
}  # fmt: skip


class OpenAiApi:
    """`answer` turns a request's body into the value that is sent back as JSON text."""

    def __init__(self, answer: Callable[[dict[str, Any]], Any]) -> None:
        self.answer = answer
        self.outcomes: list[Outcome] = []
        self.requests: list[Request] = []
        self.conversations: set[str] = set()
        self.prompts: set[str] = set()
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
        id = f"req_{next(self._ids)}"
        if problem := self._problem(request):
            return _error(*problem, id)
        outcome = self.outcomes.pop(0) if self.outcomes else None
        match outcome:
            case Failing(status, headers, code):
                return _error(status, code, id, headers)
            case Dropping():
                return None
            case Raw(body, content_type):
                return Answer(200, body, {"content-type": content_type, "x-request-id": id})
            case Slow(seconds):
                await asyncio.sleep(seconds)
        if request.path == "/v1/conversations":
            self.conversations.add(f"conv_{id}")
            return json_answer({"id": f"conv_{id}", "object": "conversation"}, **{"x-request-id": id})
        body = request.json()
        stopped = outcome.reason if isinstance(outcome, Stopping) else None
        said = outcome.text if isinstance(outcome, Stopping | Saying) else json.dumps(self.answer(body))
        make = _completion if request.path == "/v1/chat/completions" else _response
        return json_answer(make(body, said, stopped, id), **{"x-request-id": id})

    def _problem(self, request: Request) -> tuple[int, str | None] | None:
        """Status and code of what is wrong with a request, if anything is."""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return 401, "invalid_api_key"
        if request.method != "POST":
            return 405, None
        body = request.json()
        match request.path:
            case "/v1/conversations":
                return None
            case "/v1/responses":
                format, known = body["text"]["format"], RESPONSES
            case "/v1/chat/completions":
                format, known = body["response_format"].get("json_schema", {"strict": True}), CHAT
            case _:
                return 404, "not_found"
        if body.keys() - known or not format["strict"] or not _strict(format.get("schema")):
            return 400, "invalid_request"
        if body.get("conversation", next(iter(self.conversations), None)) not in {*self.conversations, None}:
            return 404, "conversation_not_found"
        if body.get("prompt", {"id": None})["id"] not in {*self.prompts, None}:
            return 404, "prompt_not_found"
        return None


@asynccontextmanager
async def openai_api(answer: Callable[[dict[str, Any]], Any]) -> AsyncIterator[OpenAiApi]:
    """The simulator, listening; its `url` is the base URL."""
    api = OpenAiApi(answer)
    async with serving(api.handle) as root:
        api.url = f"{root}/v1"
        yield api


def _strict(schema: Any) -> bool:
    """No reference, no bound, and every object closed with all its properties required."""
    if isinstance(schema, list):
        return all(_strict(each) for each in schema)
    if not isinstance(schema, dict):
        return True
    if "properties" in schema:
        properties = schema["properties"]
        closed = schema.get("additionalProperties") is False and set(schema["required"]) == set(properties)
        return closed and all(_strict(each) for each in properties.values())
    return not schema.keys() & {"$ref", "minimum", "maximum", "title", "default"} and all(map(_strict, schema.values()))


def _error(status: int, code: str | None, id: str, headers: dict[str, str] | None = None) -> Answer:
    error = {"message": "simulated, and quoting the prompt", "type": "some_error", "param": None, "code": code}
    return json_answer({"error": error}, status, **{"x-request-id": id, **(headers or {})})


def _response(body: dict[str, Any], text: str | None, stopped: str | None, id: str) -> dict[str, Any]:
    """`stopped`: `max_output_tokens` and `content_filter` are incomplete, `refusal` is content, others failed."""
    output: list[dict[str, Any]] = [{"type": "reasoning", "summary": []}]
    kind = "refusal" if stopped == "refusal" else "output_text"
    if text is not None:
        output.append({"type": "message", "role": "assistant", "content": [{"type": kind, "text": text}]})
    incomplete = stopped in {"max_output_tokens", "content_filter"}
    failed = stopped is not None and not incomplete and stopped != "refusal"
    return {
        "id": f"resp_{id}",
        "status": "incomplete" if incomplete else "failed" if failed else "completed",
        "error": {"code": stopped, "message": "quoting the prompt"} if failed else None,
        "incomplete_details": {"reason": stopped} if incomplete else None,
        "model": f"{body['model']}-2026-01-01",
        "output": output,
        "usage": {
            "input_tokens": 42, "input_tokens_details": {"cached_tokens": 12}, "output_tokens": 20,
            "output_tokens_details": {"reasoning_tokens": 5}, "total_tokens": 62,
        },
    }  # fmt: skip


def _completion(body: dict[str, Any], text: str | None, stopped: str | None, id: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    if stopped == "refusal":
        message = {"role": "assistant", "content": None, "refusal": text or "no"}
    reason = {"max_output_tokens": "length", "refusal": "stop", None: "stop"}.get(stopped, stopped)
    return {
        "id": f"chatcmpl-{id}",
        "object": "chat.completion",
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": 42, "completion_tokens": 20, "total_tokens": 62},
        "x_groq": {"id": id},
    }
