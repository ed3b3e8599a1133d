"""What the business said by another way than ours: in the WhatsApp Business app, or by Meta's own agent.

Shapes: Meta, Cloud API, “smb_message_echoes webhook”, “Standby webhooks”: like messages, with a `to`.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from concierge.channels.decoding import ABSENT, UNDECODABLE, clean, fingerprint
from concierge.channels.model import Echo, Notice
from concierge.channels.whatsapp.moments import instant
from concierge.channels.whatsapp.people import reached
from concierge.channels.whatsapp.rendering import rendered

KIND = "message_echo"
ELSEWHERE = "a message of the business, sent by another of its apps"

_Id = Annotated[str, Meta(max_length=512)]  # longer ones would not fit into an index


class _Echo(Struct):
    id: Annotated[str, Meta(min_length=1, max_length=512)]
    to: _Id | None = None
    to_user_id: _Id | None = None
    type: Annotated[str, Meta(max_length=64)] = "unknown"
    timestamp: str | int | float | None = None


_echo = Decoder(_Echo)
_members = Decoder(dict[str, Raw])


def echoed(account: str, item: Raw, now: datetime) -> Echo | Notice:
    """The message; a Notice where it does not say which it is, or to whom it went."""
    raw = bytes(item)
    try:
        echo, members = _echo.decode(item), _members.decode(item)
    except UNDECODABLE:
        return Notice(account=account, kind=KIND, text=ELSEWHERE, raw=raw, at=now)
    person, at = reached(echo.to) or reached(echo.to_user_id), instant(echo.timestamp, now)
    if person is None:
        return Notice(account=account, kind=KIND, text=ELSEWHERE, raw=raw, at=at)
    return Echo(
        account=account,
        provider_message_id=clean(echo.id) or fingerprint(raw),
        recipient=person,
        text=clean(rendered(echo.type, members.get(echo.type, ABSENT))),
        at=at,
        raw=raw,
    )
