"""What the inbox takes in."""

from collections.abc import Sequence

from msgspec import Struct, field

from concierge.channels.model import ChannelAccount, Echo, Inbound, Notice, OptOut, Receipt, Renamed
from concierge.inbox.store import Kept


class Delivery(Struct, kw_only=True):
    """What one webhook request brought, each message with the account it is for."""

    messages: Sequence[tuple[ChannelAccount, Inbound]] = ()
    receipts: Sequence[tuple[ChannelAccount, Receipt]] = ()
    opt_outs: Sequence[tuple[ChannelAccount, OptOut]] = ()
    others: Sequence[tuple[ChannelAccount, Renamed | Echo | Notice]] = ()
    channel: str
    unrouted: Sequence[Inbound] = ()
    correlation_id: str
    kept: list[Kept] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes of what people wrote, about: what it costs to hold it."""
        messages = (*(message for _, message in self.messages), *self.unrouted)
        return sum(len(message.raw) + len(message.text) for message in messages)
