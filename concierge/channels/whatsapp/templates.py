"""The texts Meta has approved for a WhatsApp business account.

Source: Meta, WhatsApp Business Management API, “Templates”.
"""

from typing import Any
from urllib.parse import quote

from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE
from concierge.channels.graph import Graph
from concierge.channels.model import ChannelAccount
from concierge.errors import AccountStopped, NotAccepted

FIELDS = "id,name,language,category,status,components"
PAGE = 100
OWNER = "business_account_id"  # the setting that names the WhatsApp Business account
MOST_PAGES = 100  # an account may have 6,000 templates


class ApprovedTemplate(Struct, frozen=True, kw_only=True):
    """A template as Meta has it; only those of the status APPROVED can be sent."""

    id: str
    name: str
    language: str  # such as "en" or "pt_BR"
    category: str = ""  # MARKETING, UTILITY, AUTHENTICATION
    status: str = ""  # APPROVED, PENDING, REJECTED, PAUSED, DISABLED, …
    components: list[dict[str, Any]] = field(default_factory=list)  # header, body, footer, buttons, in Meta's words


class _Cursors(Struct):
    after: str | None = None


class _Paging(Struct):
    cursors: _Cursors = field(default_factory=_Cursors)
    next: str | None = None


class _Page(Struct):
    data: list[ApprovedTemplate]
    paging: _Paging = field(default_factory=_Paging)


_page = Decoder(_Page)


async def listed(graph: Graph, account: ChannelAccount) -> list[ApprovedTemplate]:
    """Every template of the `business_account_id` in the account's settings.

    Raises NotAccepted (try again), Refused, AccountStopped.
    """
    owner = str(account.settings.get(OWNER) or "")
    if not owner:
        raise AccountStopped(f"The account's settings name no {OWNER}.", code="business-account-id")
    found: list[ApprovedTemplate] = []
    query = {"fields": FIELDS, "limit": str(PAGE)}
    for _ in range(MOST_PAGES):
        answer = await graph.get(f"{quote(owner, safe='')}/message_templates", account, query)
        try:
            page = _page.decode(answer.content)
        except UNDECODABLE:
            raise NotAccepted("Meta's answer cannot be read.", code="unreadable") from None
        found += page.data
        if not (page.paging.next and page.paging.cursors.after):
            break
        query["after"] = page.paging.cursors.after
    return found
