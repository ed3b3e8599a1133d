"""Everything that can go wrong, as one tree. The docstring of an error is its default message.

ConciergeError
├── SettingsError            the environment is not usable; names every problem at once
├── MigrationError           the schema on disk and the schema in the database disagree
├── EmbeddedPostgresError    no usable Postgres on this machine
├── TransactionOpen          a foreign call was about to be made inside a transaction
├── Rejected                 what a caller sent is refused; carries its HTTP status
│   ├── Malformed      400
│   ├── Forged         401
│   ├── Forbidden      403
│   ├── Missing        404
│   ├── NotAllowed     405
│   ├── TooSlow        408
│   ├── Conflicting    409
│   ├── TooLarge       413
│   ├── TooMany        429   carries the seconds to wait
│   └── NotStored      503
├── SendError                a provider did not take an outbound message
│   ├── NotAccepted          provably not taken: another attempt is safe
│   ├── Refused              final: the same message will be refused again
│   │   └── OutsideWindow    free text is not taken any more: a template may be
│   ├── Unknown              nobody knows whether it was taken: never sent again blindly
│   └── AccountStopped       the channel account cannot send at all until somebody repairs it
│       └── AccountResting   it must rest for some hours, and goes on by itself
├── ModelError               a language model gave no usable answer
│   ├── ModelUnavailable     worth another attempt later
│   │   └── ThreadGone       the vendor forgot the conversation it was asked to go on with
│   └── ModelRefused         the same prompt will fail again
│       ├── ModelStopped     every prompt will fail until somebody repairs the account at the vendor
│       └── BudgetSpent      the tenant's money for models is used up
├── UnknownSkill             an agent names a skill that does not exist
└── TurnFailed               a turn could not be handled; carries how far it had read, and its correlation id
"""

from datetime import timedelta


class ConciergeError(Exception):
    """Something went wrong."""

    permanent = False  # True: trying the same again is pointless

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class SettingsError(ConciergeError):
    """The environment is not usable."""


class MigrationError(ConciergeError):
    """The schema on disk and the schema in the database disagree."""


class EmbeddedPostgresError(ConciergeError):
    """No usable Postgres on this machine."""


class TransactionOpen(ConciergeError):
    """A foreign call was about to be made inside a transaction."""


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


class TooLarge(Rejected):
    """The body is over the limit."""

    status = 413
    code = "too-large"


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


class Refused(SendError):
    """Refused for good."""


class OutsideWindow(Refused):
    """The person wrote too long ago for free text."""


class Unknown(SendError):
    """The outcome is not known."""


class AccountStopped(SendError):
    """The channel account cannot send until it is repaired."""

    rest: timedelta | None = None  # after which it may be tried again without any repair


class AccountResting(AccountStopped):
    """The channel account has sent more than people wanted, and must rest."""

    rest = timedelta(hours=6)


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


class UnknownSkill(ConciergeError):
    """An agent names a skill that does not exist."""

    permanent = True


class TurnFailed(ConciergeError):
    """A turn could not be handled."""

    def __init__(
        self,
        message: str,
        *,
        seen: int,
        permanent: bool,
        correlation_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.correlation_id = correlation_id  # of the newest message
        self.seen = seen  # the newest seq that the failed run knew of
        self.permanent = permanent
        self.retry_after = retry_after  # seconds, where a vendor says
