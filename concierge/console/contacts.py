"""People: found by the beginning of a name, or by an address."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from concierge.api.paging import Page, Paging
from concierge.channels.addressing import KINDS
from concierge.console.listing import ROWS
from concierge.console.model import Operator
from concierge.console.rendering import page
from concierge.console.store import contacts as store
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

LONGEST = 254  # characters that are looked for


@get("/contacts")
async def show_contacts(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    find: FromQuery[str] = "",
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """All of them, newest first; or who has this address, and those whose name begins so."""
    wanted, whose = find.replace("\0", "").strip()[:LONGEST], {"tenant_id": operator.tenant_id}
    async with runtime.connection() as conn:
        if wanted:
            ids = await found(conn, wanted, tenant_id=operator.tenant_id)
            people: Page[Any] = Page(await store.shown(conn, ids=ids[:ROWS], **whose), None, has_more=False)
        else:
            ids = await store.newest(conn, tenant_id=operator.tenant_id, **listing.asked())
            people = listing.page(await store.shown(conn, ids=ids, **whose))
    return page("contacts", operator, people=people, find=wanted, cut=bool(wanted) and len(ids) > ROWS, said=said)


async def found(conn: Conn, wanted: str, *, tenant_id: UUID) -> list[UUID]:
    """Who has this address, then those whose name begins so; one more than is shown, if there are more."""
    digits = "".join(each for each in wanted if each.isdigit())
    at = await store.at_address(
        conn,
        tenant_id=tenant_id,
        channels=list(KINDS),
        kinds=sorted({kind for kinds in KINDS.values() for kind in kinds}),
        values=[wanted, wanted.lower(), *([digits] if len(digits) >= 5 else [])],
        limit=ROWS,
    )
    named = await store.named(conn, tenant_id=tenant_id, beginning=wanted, limit=ROWS + 1)
    return list(dict.fromkeys([*at, *named]))


HANDLERS = (show_contacts,)
