"""A provider did not take an outbound message."""

from datetime import timedelta
from typing import Literal

from concierge.errors.root import ConciergeError


class SendError(ConciergeError):
    """A provider did not take the message."""

    def __init__(self, message: str | None = None, *, code: str | None = None, response: str | None = None) -> None:
        super().__init__(message)
        self.code = code  # the provider's own error code
        self.response = response  # what it answered, at most 2,000 characters, for the attempt row


class NotAccepted(SendError):
    """Provably not accepted; another attempt is safe."""

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        response: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, code=code, response=response)
        self.retry_after = retry_after  # seconds, where the provider says


class TooFast(NotAccepted):
    """Too many messages to one person."""


class Refused(SendError):
    """Refused for good."""


class OutsideWindow(Refused):
    """The person wrote too long ago for free text."""


class Unwanted(Refused):
    """The person does not want to be written to, or cannot be."""

    scope: Literal["all", "marketing"] = "all"


class UnwantedMarketing(Unwanted):
    """The person does not want marketing messages."""

    scope = "marketing"


class Unknown(SendError):
    """The outcome is not known."""


class AccountStopped(SendError):
    """The channel account cannot send until it is repaired."""

    rest: timedelta | None = None  # after which it may be tried again without any repair


class AccountResting(AccountStopped):
    """The channel account has sent more than people wanted, and must rest."""

    rest = timedelta(hours=6)
