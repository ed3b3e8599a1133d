"""Sends nothing: messages are kept and shown instead. For trying things out without any account."""

from concierge.channels.model import Accepted, ChannelAccount, OutboundMessage


class SandboxTransport:
    """Accepts every message and hands it to nobody."""

    name = "sandbox"
    receipts = False

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:  # noqa: ARG002 - the interface
        """Accept it."""
        return Accepted(provider_message_id=f"sandbox-{message.id}")

    async def close(self) -> None:
        """There is nothing to let go of."""
