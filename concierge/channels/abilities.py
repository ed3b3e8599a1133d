"""What some channels can do beyond `Channel`.

Base classes rather than protocols: every webhook asks whether its channel is one, and asking a protocol costs 20 µs.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from concierge.channels.model import Attachment, ChannelAccount, Event, Raw


class Fetching(ABC):
    """A channel that must ask its vendor before a request can be proved or kept. Never called inside a transaction."""

    @abstractmethod
    async def prepare(self, raw: Raw, secrets: Sequence[str]) -> None:
        """Fetch what `authentic` will need to decide with these secrets, and remember it. Never raises."""

    @abstractmethod
    async def completed(self, events: Sequence[Event], accounts: Mapping[str, ChannelAccount]) -> list[Event]:
        """The events with what their webhook only pointed to. `accounts` by external id; called once proved.

        Raises NotStored where the vendor does not answer: then it delivers again.
        """

    @abstractmethod
    async def close(self) -> None:
        """Let go of connections."""


class Trusting(ABC):
    """A channel that finds what it trusts in more than the account's webhook secrets."""

    @abstractmethod
    def trusted(self, account: ChannelAccount) -> list[str]:
        """What `authentic` is to be asked with for this account."""


class Acknowledging(ABC):
    """A transport whose vendor can be told that a message was seen, and that an answer is being written."""

    @abstractmethod
    async def acknowledge(self, provider_message_id: str, account: ChannelAccount, *, typing: bool) -> None:
        """Show the person that the message was read; `typing`: that somebody writes. Harmless to repeat.

        Raises as `Transport.send` does.
        """


class Fetched(Struct, frozen=True):
    """An attachment's bytes."""

    content: bytes
    mime_type: str | None = None  # as the vendor says while handing them over


class Fetcher(Protocol):
    """Gets what came with a message; some transports can."""

    async def fetch(
        self, attachment: Attachment, account: ChannelAccount, *, limit: int, raw: bytes | None = None
    ) -> Fetched:
        """The bytes, at most `limit` of them. `raw` is the message's own payload while it is kept.

        Raises NotAccepted (try again), Refused (final), AccountStopped.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
