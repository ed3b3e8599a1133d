"""A language model gave no usable answer."""

from concierge.errors.root import ConciergeError


class ModelError(ConciergeError):
    """The model gave no usable answer."""

    def __init__(self, message: str | None = None, *, request_id: str | None = None) -> None:
        super().__init__(message)
        self.request_id = request_id


class ModelUnavailable(ModelError):
    """The model is not available now."""

    def __init__(
        self, message: str | None = None, *, request_id: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message, request_id=request_id)
        self.retry_after = retry_after  # seconds, where the provider says


class ModelRefused(ModelError):
    """The model will not answer this."""

    permanent = True
