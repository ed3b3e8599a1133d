"""Web chat's way out: there is no vendor. A message that is being sent has its number and is in the visitor's stream.

Showing it is the claim itself (`sql/functions/number_webchat.sql`), in the transaction that makes it `sending`; what
remains to be said here is that it was taken. Receipts come from the widget, which acknowledges what it has.
"""

from concierge.channels.abilities import Fetched
from concierge.channels.model import Accepted, Attachment, ChannelAccount, OutboundMessage
from concierge.errors import Refused


class WebChatTransport:
    """Accepts every message: it is shown already, and stays to be replayed to a widget that is away."""

    name = "webchat"
    receipts = True

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:  # noqa: ARG002 - the interface
        """Accept it."""
        return Accepted(provider_message_id=f"webchat-{message.id}")

    async def close(self) -> None:
        """There is nothing to let go of."""


class WebChatFiles:
    """A `Fetcher`: a visitor's file is the payload of its own message."""

    async def fetch(
        self,
        attachment: Attachment,
        account: ChannelAccount,  # noqa: ARG002 - the interface
        *,
        limit: int,
        raw: bytes | None = None,
    ) -> Fetched:
        """The file. Raises Refused once the payload was redacted, or where it is larger than may be kept."""
        if raw is None:
            raise Refused("The file is not kept any more.", code="redacted")
        if len(raw) > limit:
            raise Refused("The file is larger than what may be kept.", code="too-large")
        return Fetched(raw, attachment.mime_type)

    async def close(self) -> None:
        """Nothing is held."""
