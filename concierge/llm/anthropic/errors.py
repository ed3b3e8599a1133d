"""Anthropic's errors in our three words: worth another attempt, pointless for this prompt, pointless for any.

An HTTP status decides, with one exception: a 429 that says a spend limit is reached comes back the same until somebody
raises it. Messages name status, type and code only; the SDK's own text may quote the prompt.
"""

from concierge.errors import ModelError, ModelRefused, ModelStopped, ModelUnavailable
from concierge.llm.waiting import retry_after

_TRANSIENT = frozenset({408, 409, 429})
_STOPPED = frozenset({401, 402, 403, 404})  # key, bill, permission, model: nothing of it is in the prompt


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
    if spent or status in _STOPPED:
        return ModelStopped(words, request_id=request_id)
    if status < 400 or status >= 500 or status in _TRANSIENT:
        headers = getattr(getattr(error, "response", None), "headers", {})
        return ModelUnavailable(words, request_id=request_id, retry_after=retry_after(headers))
    return ModelRefused(words, request_id=request_id)
