"""What cannot be undone about a person: joined with another contact, handed out, forgotten."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.console.contact import call
from concierge.console.contacts import found
from concierge.console.entered import entered
from concierge.console.model import Acting, Operator
from concierge.console.rendering import HEADERS, back, page
from concierge.contacts import keeping
from concierge.contacts.forgetting import erase
from concierge.contacts.model import Other
from concierge.errors import Invalid
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

AnyRequest = Request[Any, Any, Any]


@get("/contacts/{id:uuid}/merge")
async def show_merge(
    id: FromPath[UUID],
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    other: FromQuery[str] = "",
) -> Response[str]:
    """Both contacts beside each other, to be looked at before they become one."""
    async with runtime.connection() as conn:
        kept = await keeping.find(conn, id, tenant_id=operator.tenant_id)
        gone = await keeping.find(conn, await _other(conn, id, other, operator.tenant_id), tenant_id=operator.tenant_id)
    return page("contact_merge", operator, kept=kept, gone=gone)


@post("/contacts/{id:uuid}/merge")
async def merge(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """What is the other's becomes this one's."""
    form, now = await entered(request), runtime.clock()
    other = form.given(Other, contact_id=form.word("contact_id")).contact_id
    async with runtime.begin() as conn:
        await keeping.join(conn, id, other, tenant_id=acting.tenant_id, now=now)
        await acting.note(conn, "merge", "contact", id, detail=f"with {other}", now=now)
    return back(f"/contacts/{id}", said="merged")


@post("/contacts/{id:uuid}/export")
async def export(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[bytes]:
    """Everything that is known about them, as a file."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        exported = await keeping.export(conn, id, tenant_id=acting.tenant_id, now=now)
        await acting.note(conn, "export", "contact", id, now=now)
    content = msgspec.json.format(msgspec.json.encode(exported), indent=2)
    headers = HEADERS | {"content-disposition": f'attachment; filename="contact-{id}.json"'}
    return Response(content, headers=headers, media_type="application/json", status_code=200)


@post("/contacts/{id:uuid}/erase")
async def forget(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Everything about them is forgotten, once their name was typed."""
    form, now = await entered(request), runtime.clock()
    async with runtime.begin() as conn:
        contact = await keeping.find(conn, id, tenant_id=acting.tenant_id)
        if form.word("name") != call(contact.name, [each.value for each in contact.identities]):
            raise Invalid([("/name", "is not what they are called: nothing was erased")])
        await erase(conn, id, tenant_id=acting.tenant_id, now=now)
        await acting.note(conn, "erase", "contact", id, now=now)
    return back(f"/contacts/{id}", said="erased")


async def _other(conn: Conn, id: UUID, wanted: str, tenant_id: UUID) -> UUID:
    """The one other contact that is meant. Raises Invalid."""
    wanted = wanted.replace("\0", "").strip()
    try:
        return UUID(wanted.rpartition("/")[2])
    except ValueError:
        ids = [each for each in await found(conn, wanted, tenant_id=tenant_id) if each != id] if wanted else []
    if len(ids) != 1:
        raise Invalid(
            [("/other", f"stands for {len(ids)} contacts: give an address, or their number in our addresses")]
        )
    return ids[0]


HANDLERS = (show_merge, merge, export, forget)
