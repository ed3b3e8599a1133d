"""A language model gave no usable answer."""

from concierge.errors.root import ConciergeError


class ModelError(ConciergeError):
    """The model gave no usable answer."""

    retry_after: float | None = None  # seconds, where the provider says

    def __init__(
        self, message: str | None = None, *, request_id: str | None = None, tokens: tuple[int, int, int] = (0, 0, 0)
    ) -> None:
        super().__init__(message)
        self.request_id = request_id
        self.tokens = tokens  # read, cached, written: what no answer has cost

    def __str__(self) -> str:
        said = super().__str__()
        return f"{said} (request {self.request_id})" if self.request_id else said


class ModelUnavailable(ModelError):
    """The model is not available now."""

    def __init__(
        self,
        message: str | None = None,
        *,
        request_id: str | None = None,
        tokens: tuple[int, int, int] = (0, 0, 0),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, request_id=request_id, tokens=tokens)
        self.retry_after = retry_after


class ThreadGone(ModelUnavailable):
    """The vendor has no such conversation any more."""


class ModelRefused(ModelError):
    """The model will not answer this."""

    permanent = True


class ModelStopped(ModelRefused):
    """The vendor takes no prompts of this account."""


class BudgetSpent(ModelRefused):
    """The money for models is used up for this month."""
