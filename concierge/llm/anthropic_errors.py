"""Anthropic's errors in our two words: worth another attempt, or not.

An HTTP status decides, with one exception: a 429 that says a spend limit is reached comes back the same until somebody
raises it. Messages name status, type and code only; the SDK's own text may quote the prompt.
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from concierge.errors import ModelError, ModelRefused, ModelUnavailable

_TRANSIENT = frozenset({408, 409, 429})


def translated(error: Exception) -> ModelError:
    """Of any error the SDK raises. Without a status: transient if the connection or the answer was broken."""
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        garbled = {each.__name__ for each in type(error).__mro__} & {"APIConnectionError", "APIResponseValidationError"}
        kind = ModelUnavailable if garbled else ModelRefused
        return kind(f"anthropic: {type(error).__name__}")
    code = getattr(error, "error_code", None)
    request_id = getattr(error, "request_id", None)
    words = " ".join(str(each) for each in ("anthropic:", status, getattr(error, "type", None), code) if each)
    spent = code is not None and "spend_limit_reached" in code
    if status < 400 or status >= 500 or (status in _TRANSIENT and not spent):
        headers = getattr(getattr(error, "response", None), "headers", {})
        return ModelUnavailable(words, request_id=request_id, retry_after=retry_after(headers))
    return ModelRefused(words, request_id=request_id)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from `retry-after-ms`, or `retry-after` in seconds or as a date (minus the response's own date)."""
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        value = headers.get("retry-after")
        if value is None:
            return None
        if value.replace(".", "", 1).strip().isdigit():
            return float(value)
        return max(0.0, (parsedate_to_datetime(value) - parsedate_to_datetime(headers["date"])).total_seconds())
    except (KeyError, ValueError, TypeError):
        return None
