"""What was said, in the words of the multi-channel agent's design."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency

from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.conversations import literal_store as store
from concierge.conversations.literal_store import Message
from concierge.runtime import Runtime


@get("/{user_id:str}/messages", opt=needs("messages:read"))
async def list_user_messages(
    user: NamedDependency[UUID],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
) -> Page[Message]:
    """What was said to and by a business, newest first."""
    async with runtime.connection() as conn:
        rows = await store.said(conn, tenant_id=user, **paging.asked())
    return paging.page(rows, lambda row: (row.timestamp, row.message_id))


HANDLERS = (list_user_messages,)
