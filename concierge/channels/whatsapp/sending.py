"""Sends through the WhatsApp Cloud API. Shapes and limits: Meta, Cloud API, “Send messages”."""

from typing import Any
from urllib.parse import quote

import httpx
from msgspec import Struct
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE
from concierge.channels.graph import KEPT, TIMEOUT, Graph
from concierge.channels.model import Accepted, ChannelAccount, OutboundMessage
from concierge.channels.whatsapp.outcomes import OUTCOMES
from concierge.channels.whatsapp.statuses import callback_data
from concierge.errors import Refused, Unknown

LONGEST = 4096  # characters of a text


class _Sent(Struct):
    id: str


class _Answer(Struct):
    messages: list[_Sent]


_answer = Decoder(_Answer)


class WhatsAppTransport:
    """Hands one text to Meta. There is no idempotency key: whatever is not provably refused is unknown."""

    name = "whatsapp"
    receipts = True

    def __init__(self, *, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._graph = Graph(OUTCOMES, timeout=timeout)

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:
        """Post it once. Accepted means Meta took the request; statuses say later what became of the message."""
        answer = await self._graph.post(f"{quote(account.external_id, safe='')}/messages", payload(message), account)
        try:
            sent = _answer.decode(answer.content).messages[0]
        except (IndexError, *UNDECODABLE):
            raise Unknown("Meta's answer cannot be read.", code="unreadable", response=answer.text[:KEPT]) from None
        return Accepted(provider_message_id=sent.id, response=answer.text[:KEPT])

    async def close(self) -> None:
        """Close the connections."""
        await self._graph.close()


def payload(message: OutboundMessage) -> dict[str, Any]:
    """The request's body. Raises Refused for what WhatsApp cannot carry."""
    if len(message.text) > LONGEST:
        raise Refused(f"The text has more than {LONGEST} characters.", code="text-too-long")
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "type": "text",
        "text": {"body": message.text, "preview_url": False},
        "biz_opaque_callback_data": callback_data(message.id),
    }
    match message.recipient.kind:
        case "phone":  # without the "+" Meta would put the business's own country code before it
            body["to"] = f"+{message.recipient.value.removeprefix('+')}"
        case "bsuid":
            body["recipient"] = message.recipient.value
        case other:
            raise Refused(f"WhatsApp cannot reach an address of the kind {other}.", code="recipient-kind")
    if message.quotes:
        body["context"] = {"message_id": message.quotes}
    return body
