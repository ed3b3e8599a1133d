"""Sends through Instagram's messaging API.

Source: Meta, Instagram Platform, “Messaging API”, and Instagram Messaging, “Send messages”.
"""

from urllib.parse import quote

import httpx
from msgspec import Struct
from msgspec.json import Decoder

from concierge.channels.abilities import Fetched
from concierge.channels.decoding import UNDECODABLE
from concierge.channels.downloading import download
from concierge.channels.graph import KEPT, TIMEOUT, Graph
from concierge.channels.instagram.composing import payload
from concierge.channels.instagram.outcomes import OUTCOMES
from concierge.channels.model import Accepted, Attachment, ChannelAccount, OutboundMessage
from concierge.errors import AccountStopped, Refused, Unknown

BASE_URL = "https://graph.instagram.com"  # with Instagram login; with Facebook login https://graph.facebook.com
HOSTS = ("lookaside.fbsbx.com", ".cdninstagram.com", ".fbcdn.net")


class _Answer(Struct):
    message_id: str


_answer = Decoder(_Answer)


class InstagramTransport:
    """Hands one message to Meta. No idempotency key, no callback data, no report of delivery: only an echo may tell."""

    name = "instagram"
    receipts = False

    def __init__(self, *, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._graph = Graph(OUTCOMES, base_url=BASE_URL, timeout=timeout)

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:
        """Post it once: as the account, or as the `sender` in its settings ("me" with Facebook login: its page)."""
        sender = quote(str(account.settings.get("sender") or account.external_id), safe="")
        try:
            answer = await self._graph.post(f"{sender}/messages", payload(message), account)
        except AccountStopped as error:
            if message.by_human_agent and error.code == "10":  # this one permission is missing, not all
                raise Refused(str(error), code="human-agent", response=error.response) from error
            raise
        try:
            sent = _answer.decode(answer.content)
        except UNDECODABLE:
            raise Unknown("Meta's answer cannot be read.", code="unreadable", response=answer.text[:KEPT]) from None
        return Accepted(provider_message_id=sent.message_id, response=answer.text[:KEPT])

    async def fetch(
        self,
        attachment: Attachment,
        account: ChannelAccount,
        *,
        limit: int,
        raw: bytes | None = None,  # noqa: ARG002  Meta has the bytes, the webhook has not
    ) -> Fetched:
        """The bytes of what came with a message, at most `limit`; its URL is signed, and needs no token.

        `media_hosts` in the account's settings are allowed beside Meta's. Raises NotAccepted, Refused.
        """
        hosts = (*HOSTS, *account.settings.get("media_hosts", ()))
        return await download(
            self._graph.client, attachment.locator, hosts=hosts, limit=limit, mime_type=attachment.mime_type
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._graph.close()
