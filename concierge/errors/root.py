"""What went wrong with nobody to blame but the machine, and what all errors have in common."""


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


class HalfDone(ConciergeError):
    """A part of a transaction failed, and the rest went on as if it had not."""


class Unreachable(ConciergeError):
    """There is no answer."""


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
