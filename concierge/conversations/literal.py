"""What was said, in the words of the multi-channel agent's design."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.conversations import literal_store as store
from concierge.conversations.literal_store import Message
from concierge.errors import Missing
from concierge.runtime import Runtime


@get("/{user_id:uuid}/messages", opt=needs("messages:read"))
async def list_user_messages(
    user_id: FromPath[UUID],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
) -> Page[Message]:
    """What was said to and by a business, newest first."""
    if not caller.may_see(user_id):
        raise Missing("there is no such user")
    async with runtime.connection() as conn:
        rows = await store.said(conn, tenant_id=user_id, **paging.asked())
    return paging.page(rows, lambda row: (row.timestamp, row.message_id))


HANDLERS = (list_user_messages,)
