"""One item of an Instagram batch: who did it, to whom, when; and the first steps towards an event."""

from datetime import datetime

from msgspec import Struct

from concierge.channels.decoding import clean, fingerprint
from concierge.channels.instagram.messages import Item
from concierge.channels.model import Address, Inbound, Notice

NOBODY = Address(kind="igsid", value="unknown")


class Happening(Struct, kw_only=True):
    """An item, and between whom it happened."""

    account: str
    person: Address
    ours: bool  # the business itself did it
    standby: bool
    at: datetime
    item: Item
    raw: bytes

    def inbound(self, id: str, kind: str, text: str, **more: object) -> Inbound:
        """What the person did, as a message."""
        members: dict[str, object] = {"automated": "standby" if self.standby else None} | more
        return Inbound(
            account=self.account,
            provider_message_id=clean(id) or fingerprint(self.raw),
            sender=self.person,
            kind=clean(kind)[:64],
            text=clean(text),
            sent_at=self.at,
            raw=self.raw,
            **members,  # type: ignore[arg-type]
        )

    def notice(self, kind: str, text: str) -> Notice:
        """What has no word of its own."""
        return Notice(account=self.account, kind=kind, text=clean(text)[:500], raw=self.raw, at=self.at)
