"""The draft of a follow-up: read, written anew, changed, approved."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from concierge.api.caller import Caller
from concierge.api.scopes import needs
from concierge.api.tags import match, tagged
from concierge.followups.drafting import approving, wanting
from concierge.followups.drafting.model import Draft, Language, Tone
from concierge.followups.texts.wording import LONGEST_DRAFT
from concierge.llm.purposes import Length
from concierge.runtime import Runtime


class Manner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it should sound; what is left out stays as in the version before."""

    tone: Tone | None = None
    length: Length | None = None
    language: Language | None = None


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's own text."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_DRAFT)]


@get("/follow-ups/{id:uuid}/draft", opt=needs("follow-ups:read"))
async def show_draft(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[Draft]:
    """The version that counts."""
    async with runtime.connection() as conn:
        return tagged(await wanting.newest(conn, id, tenant_id=caller.tenant_id))


@post("/follow-ups/{id:uuid}/draft", opt=needs("follow-ups:write"), status_code=202)
async def write_draft(
    id: FromPath[UUID], data: JSONBody[Manner], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Draft:
    """Have a model write it (anew). It is `writing` until it is `proposed`."""
    async with runtime.begin() as conn:
        return await wanting.again(
            conn,
            id,
            tenant_id=caller.tenant_id,
            tone=data.tone,
            length=data.length,
            language=data.language,
            now=runtime.clock(),
        )


@put("/follow-ups/{id:uuid}/draft", opt=needs("follow-ups:write"))
async def change_draft(
    id: FromPath[UUID],
    data: JSONBody[Words],
    request: Request[Any, Any, Any],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Response[Draft]:
    """Other words in its place, which are to be approved anew. With If-Match only if it is still what was read."""
    async with runtime.begin() as conn:
        if "if-match" in request.headers:
            match(request, await wanting.newest(conn, id, tenant_id=caller.tenant_id))
        changed = await wanting.instead(conn, id, tenant_id=caller.tenant_id, text=data.text, now=runtime.clock())
    return tagged(changed)


@post("/follow-ups/{id:uuid}/draft/approve", opt=needs("follow-ups:write"), status_code=200)
async def approve_draft(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Draft:
    """It may go: with its follow-up, or at once where the reminder has gone out."""
    async with runtime.begin() as conn:
        return await approving.approve(conn, id, tenant_id=caller.tenant_id, now=runtime.clock())


HANDLERS = (show_draft, write_draft, change_draft, approve_draft)
