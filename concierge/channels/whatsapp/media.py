"""The bytes of what came with a WhatsApp message. Source: Meta, Cloud API, “Media”.

An id leads to a URL, valid for five minutes, on a host of Meta's that wants the same token.
"""

from hashlib import sha256
from urllib.parse import quote

from msgspec import Struct
from msgspec.json import Decoder

from concierge.channels.abilities import Fetched
from concierge.channels.decoding import UNDECODABLE
from concierge.channels.downloading import download
from concierge.channels.graph import Graph, authorization
from concierge.channels.model import Attachment, ChannelAccount
from concierge.errors import NotAccepted, Refused

HOSTS = ("lookaside.fbsbx.com",)


class _Place(Struct):
    url: str
    mime_type: str | None = None
    file_size: int | None = None


_place = Decoder(_Place)


async def fetched(graph: Graph, attachment: Attachment, account: ChannelAccount, *, limit: int) -> Fetched:
    """The file, at most `limit` bytes. `media_hosts` in the account's settings are allowed beside Meta's.

    Raises NotAccepted (try again), Refused (final), AccountStopped.
    """
    place = await _place_of(graph, attachment, account)
    if place.file_size and place.file_size > limit:
        raise Refused(f"The file has {place.file_size} bytes, more than {limit}.", code="too-large")
    file = await download(
        graph.client,
        place.url,
        hosts=(*HOSTS, *account.settings.get("media_hosts", ())),
        limit=limit,
        headers=authorization(account),
        mime_type=place.mime_type or attachment.mime_type,
    )
    if attachment.sha256 and sha256(file.content).hexdigest() != attachment.sha256:
        raise NotAccepted("The file is not the one that was announced.", code="sha256")
    return file


async def _place_of(graph: Graph, attachment: Attachment, account: ChannelAccount) -> _Place:
    if attachment.locator.startswith(("https://", "http://")):
        return _Place(attachment.locator)
    # whose number it is: the file is given to nobody else
    query = {"phone_number_id": account.external_id}
    answer = await graph.get(quote(attachment.locator, safe=""), account, query)
    try:
        return _place.decode(answer.content)
    except UNDECODABLE:
        raise NotAccepted("Meta's answer cannot be read.", code="unreadable") from None
