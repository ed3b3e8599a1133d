"""Texts that providers have approved, and what each stands for."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta, Struct, field

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.errors import Invalid, Missing
from concierge.outbox.model import Kind
from concierge.runtime import Runtime
from concierge.templates import store
from concierge.templates.model import MessageTemplate, Status
from concierge.templates.syncing import ask_all


class NewTemplate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template as the provider has approved it. `parameters`: what fills {{1}}, {{2}}, … of its body, in order.

    `kind`: the messages it stands for where free text is not taken; none: it is sent by its name alone.
    """

    channel_account_id: UUID
    name: Annotated[str, Meta(min_length=1, max_length=512)]
    language: Annotated[str, Meta(pattern="^[a-zA-Z]{2,3}([_-][a-zA-Z0-9]{2,8})*$", max_length=30)]
    category: Literal["utility", "marketing", "authentication"] = "utility"
    status: Status = "approved"
    kind: Kind | None = None
    parameters: Annotated[
        list[Annotated[str, Meta(pattern=r"^[a-z_]+(\|.*)?$", max_length=200)]], Meta(max_length=50)
    ] = field(default_factory=list)


class Template(Struct, frozen=True):
    """A template, with the state the provider reported last. `kind`: which messages it stands for, if any."""

    id: UUID
    channel_account_id: UUID
    name: str
    language: str
    category: str
    status: Status
    kind: str | None
    parameters: list[str]
    created_at: datetime
    moved_at: datetime


class Asked(Struct, frozen=True):
    """The providers are asked; what they say shows in the list."""

    status: Literal["queued"] = "queued"


@get("/message-templates", opt=needs("message-templates:read"))
async def list_message_templates(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    channel_account_id: FromQuery[UUID | None] = None,
) -> Page[Template]:
    """Templates, newest first; of all accounts, or of one."""
    async with runtime.connection() as conn:
        rows = await store.some(
            conn, tenant_id=caller.tenant_id, channel_account_id=channel_account_id, **paging.asked()
        )
    return paging.page([_shown(each) for each in rows])


@post("/message-templates", opt=needs("message-templates:write"))
async def register_message_template(
    data: JSONBody[NewTemplate], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Template:
    """Say what a template stands for; the same account, name and language again changes it."""
    facts: dict[str, Any] = msgspec.structs.asdict(data)
    async with runtime.begin() as conn:
        kept = await store.register(conn, tenant_id=caller.tenant_id, now=runtime.clock(), **facts)
    if kept is None:
        raise Invalid([("/channel_account_id", "is no channel account of this tenant")])
    return _shown(kept)


@delete("/message-templates/{id:uuid}", opt=needs("message-templates:write"))
async def forget_message_template(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> None:
    """Forget a template. What was sent with it keeps its name."""
    async with runtime.begin() as conn:
        if await store.remove(conn, id, tenant_id=caller.tenant_id) is None:
            raise Missing("there is no such template")


@post("/message-templates/sync", opt=needs("message-templates:write"), status_code=202)
async def sync_message_templates(caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> Asked:
    """Ask the providers now; otherwise they are asked every hour."""
    await ask_all(runtime, tenant_id=caller.tenant_id)
    return Asked()


def _shown(kept: MessageTemplate) -> Template:
    return Template(**msgspec.structs.asdict(kept))


HANDLERS = (list_message_templates, register_message_template, forget_message_template, sync_message_templates)
