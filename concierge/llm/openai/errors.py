"""OpenAI's errors, and those of its imitators, in our three words.

Messages name status, type and code only: the vendor's own text may quote the prompt.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from concierge.errors import ModelError, ModelRefused, ModelStopped, ModelUnavailable
from concierge.llm.waiting import retry_after

_TRANSIENT = frozenset({408, 409, 425, 429})
_STOPPED = frozenset({401, 402, 403, 404})
_STOPPED_CODES = frozenset(
    {"insufficient_quota", "billing_hard_limit_reached", "account_deactivated", "invalid_api_key", "model_not_found"}
)
_TRANSIENT_CODES = frozenset({"server_error", "rate_limit_exceeded", "overloaded", "vector_store_timeout"})


class Failure(Struct):
    """What stands under `error`."""

    type: str | None = None
    code: str | int | None = None


class Body(Struct):
    """The body of a failure."""

    error: Failure | None = None


def translated(name: str, status: int, headers: Mapping[str, str], body: bytes) -> ModelError:
    """Of an HTTP answer that is not 200."""
    failure = _failure(body)
    words = " ".join(str(each) for each in (f"{name}:", status, failure.type, failure.code) if each)
    request_id = headers.get("x-request-id")
    if failure.code in _STOPPED_CODES or status in _STOPPED:
        return ModelStopped(words, request_id=request_id)
    if status < 400 or status >= 500 or status in _TRANSIENT:
        return ModelUnavailable(words, request_id=request_id, retry_after=retry_after(headers))
    return ModelRefused(words, request_id=request_id)


def told(name: str, failure: Failure, *, request_id: str | None, tokens: tuple[int, int, int]) -> ModelError:
    """Of an HTTP 200 that says it failed."""
    words = " ".join(str(each) for each in (f"{name}: failed", failure.type, failure.code) if each)
    if failure.code in _STOPPED_CODES:
        return ModelStopped(words, request_id=request_id, tokens=tokens)
    kind = ModelUnavailable if failure.code in _TRANSIENT_CODES or failure.code is None else ModelRefused
    return kind(words, request_id=request_id, tokens=tokens)


def _failure(body: bytes) -> Failure:
    try:
        return msgspec.json.decode(body, type=Body).error or Failure()
    except msgspec.DecodeError:
        return Failure()
