"""What a caller sent is refused: each carries its HTTP status and the code of its page in the catalogue."""

from collections.abc import Sequence

from concierge.errors.root import ConciergeError


class Rejected(ConciergeError):
    """What was sent is refused."""

    status = 400
    code = "rejected"


class Malformed(Rejected):
    """The body does not have the expected shape."""

    status = 400
    code = "malformed"

    def __init__(self, message: str | None = None, *, pointer: str | None = None) -> None:
        super().__init__(message)
        self.pointer = pointer  # JSON pointer of the field at fault, where one is


class Forged(Rejected):
    """The signature or key is missing or wrong."""

    status = 401
    code = "forged"


class Forbidden(Rejected):
    """The key does not allow this."""

    status = 403
    code = "forbidden"


class Missing(Rejected):
    """There is no such thing."""

    status = 404
    code = "missing"


class NotAllowed(Rejected):
    """This method means nothing here."""

    status = 405
    code = "not-allowed"


class TooSlow(Rejected):
    """The body did not come in time."""

    status = 408
    code = "too-slow"


class Conflicting(Rejected):
    """The thing is not in a state that allows this."""

    status = 409
    code = "conflicting"


class Outdated(Rejected):
    """It has changed since you read it: If-Match names another state."""

    status = 412
    code = "outdated"


class TooLarge(Rejected):
    """The body is over the limit."""

    status = 413
    code = "too-large"


class UnsupportedMedia(Rejected):
    """The body must be application/json."""

    status = 415
    code = "unsupported-media"


class Invalid(Rejected):
    """Some values are not acceptable."""

    status = 422
    code = "invalid"

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{pointer or 'the body'}: {wrong}" for pointer, wrong in faults))
        self.faults = tuple(faults)  # (JSON pointer, what is wrong there)


class KeyUsedBefore(Rejected):
    """This Idempotency-Key was used for another request."""

    status = 422
    code = "key-used-before"


class TooMany(Rejected):
    """Too many requests."""

    status = 429
    code = "too-many"

    def __init__(self, message: str | None = None, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after  # seconds


class NotStored(Rejected):
    """The message could not be stored; please deliver it again."""

    status = 503
    code = "not-stored"
