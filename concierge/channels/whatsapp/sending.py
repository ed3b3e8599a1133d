"""Sends through the WhatsApp Cloud API.

Source: Meta, Cloud API, “Send messages”, “Mark messages as read”, “Typing indicators”.
"""

from typing import Any
from urllib.parse import quote

import httpx
from msgspec import Struct
from msgspec.json import Decoder

from concierge.channels.abilities import Acknowledging, Fetched
from concierge.channels.decoding import UNDECODABLE
from concierge.channels.graph import KEPT, TIMEOUT, Graph
from concierge.channels.model import Accepted, Attachment, ChannelAccount, OutboundMessage
from concierge.channels.whatsapp.composing import payload
from concierge.channels.whatsapp.media import fetched
from concierge.channels.whatsapp.outcomes import OUTCOMES
from concierge.channels.whatsapp.templates import OWNER, ApprovedTemplate, listed
from concierge.errors import Unknown


class _Sent(Struct):
    id: str


class _Answer(Struct):
    messages: list[_Sent]


_answer = Decoder(_Answer)


class WhatsAppTransport(Acknowledging):
    """Hands one message to Meta. There is no idempotency key: whatever is not provably refused is unknown."""

    name = "whatsapp"
    receipts = True
    templates_of = OWNER

    def __init__(self, *, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._graph = Graph(OUTCOMES, timeout=timeout)

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:
        """Post it once. Accepted means Meta took the request; statuses say later what became of the message."""
        answer = await self._graph.post(_messages(account), payload(message), account)
        try:
            sent = _answer.decode(answer.content).messages[0]
        except (IndexError, *UNDECODABLE):
            raise Unknown("Meta's answer cannot be read.", code="unreadable", response=answer.text[:KEPT]) from None
        return Accepted(provider_message_id=sent.id, response=answer.text[:KEPT])

    async def acknowledge(self, provider_message_id: str, account: ChannelAccount, *, typing: bool) -> None:
        """Put the blue ticks to a message that came in; `typing`: show for 25 seconds that an answer is being written.

        Harmless to repeat. Raises as `send` does.
        """
        body: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": provider_message_id,
        }
        if typing:
            body["typing_indicator"] = {"type": "text"}
        await self._graph.post(_messages(account), body, account)

    async def templates(self, account: ChannelAccount) -> list[ApprovedTemplate]:
        """Every template of the account's business. Raises NotAccepted, Refused, AccountStopped."""
        return await listed(self._graph, account)

    async def fetch(
        self,
        attachment: Attachment,
        account: ChannelAccount,
        *,
        limit: int,
        raw: bytes | None = None,  # noqa: ARG002  Meta has the bytes, the webhook has not
    ) -> Fetched:
        """The bytes of what came with a message, at most `limit`. Raises NotAccepted, Refused, AccountStopped."""
        return await fetched(self._graph, attachment, account, limit=limit)

    async def close(self) -> None:
        """Close the connections."""
        await self._graph.close()


def _messages(account: ChannelAccount) -> str:
    return f"{quote(account.external_id, safe='')}/messages"
