"""One address for all of Meta's webhooks: the body's `object` says whose it is, and that channel does the rest."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.json import Decoder

from concierge.channels import meta
from concierge.channels.decoding import decoded
from concierge.channels.instagram.envelope import OBJECTS as INSTAGRAM
from concierge.channels.instagram.reading import Instagram
from concierge.channels.model import Channel, Event, Raw
from concierge.channels.whatsapp.envelope import OBJECT as WHATSAPP
from concierge.channels.whatsapp.reading import WhatsApp
from concierge.errors import Malformed


class _Envelope(Struct):
    object: str


_envelope = Decoder(_Envelope)


class MetaDoor:
    """Not a channel that anybody can be reached on: accounts belong to the channel that `reader` names."""

    name = "meta"

    def __init__(self) -> None:
        instagram = Instagram()
        self._readers: dict[str, Channel] = {WHATSAPP: WhatsApp(), **dict.fromkeys(INSTAGRAM, instagram)}

    def reader(self, raw: Raw) -> Channel:
        """Whose webhook it is. Raises Malformed."""
        found = self._readers.get(decoded(_envelope, raw.body).object)
        if found is None:
            raise Malformed(f"The field /object is none of {', '.join(sorted(self._readers))}.", pointer="/object")
        return found

    def challenge(self, query: Mapping[str, str], tokens: Sequence[str]) -> str | None:
        """Answer Meta's verification request. Raises Forged."""
        return meta.challenge(query, tokens)

    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        """Whether the request was signed with one of these app secrets."""
        return meta.authentic(raw, secrets)

    def read(self, raw: Raw) -> list[Event]:
        """What the channel reads. Raises Malformed."""
        return self.reader(raw).read(raw)
