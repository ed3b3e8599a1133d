"""What the readers of mail have in common: they are one channel with several doors, and know no verification request.

A vendor without signatures is given a URL with a password in it, `https://user:password@…`, which comes back as
`Authorization: Basic` (RFC 7617); the account's webhook secret is then `user:password`.
"""

from abc import ABC, abstractmethod
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping, Sequence

from concierge.channels.model import Event, Raw
from concierge.channels.signature import matches


class MailDoor(ABC):
    """One vendor's way to hand mail in. `vendor` is what an account's `settings["vendor"]` may restrict it to."""

    name = "email"
    vendor: str

    def challenge(self, query: Mapping[str, str], tokens: Sequence[str]) -> str | None:  # noqa: ARG002 - the interface
        """There is no verification request."""
        return None

    @abstractmethod
    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        """Whether the vendor sent the request, by one of these secrets."""

    @abstractmethod
    def read(self, raw: Raw) -> list[Event]:
        """The mail in the request. Raises Malformed."""


def basic(raw: Raw, secrets: Sequence[str]) -> bool:
    """Whether the request carries one of the `user:password` secrets, compared in constant time."""
    scheme, _, given = raw.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        told = b64decode(given.strip(), validate=True).decode()
    except (Error, ValueError):
        return False
    return any(matches(secret, told) for secret in secrets if ":" in secret)
