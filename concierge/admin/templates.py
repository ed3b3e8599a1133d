"""Templates: which approved text stands for which kind of message."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct, field

from concierge.api.caller import Caller
from concierge.errors import Missing
from concierge.outbox.model import Kind
from concierge.runtime import Runtime
from concierge.templates import store
from concierge.templates.model import MessageTemplate, Status
from concierge.templates.syncing import ask_all

MOST = 1_000


class NewTemplate(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A template as the provider has approved it. `parameters`: what fills {{1}}, {{2}}, … of its body, in order."""

    channel_account_id: UUID
    name: Annotated[str, Meta(min_length=1, max_length=512)]
    language: Annotated[str, Meta(pattern="^[a-zA-Z]{2,3}([_-][a-zA-Z0-9]{2,8})*$")]
    category: Literal["utility", "marketing", "authentication"] = "utility"
    status: Status = "approved"
    kind: Kind
    parameters: list[Annotated[str, Meta(pattern=r"^[a-z_]+(\|.*)?$", max_length=200)]] = field(default_factory=list)


@get("/templates")
async def list_templates(operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> dict[str, Any]:
    """Every template, with the state the provider reported last."""
    async with runtime.connection() as conn:
        return {"data": await store.registered(conn, tenant_id=operator.tenant_id, limit=MOST)}


@post("/templates")
async def register_template(
    data: JSONBody[NewTemplate], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> MessageTemplate:
    """Say what a template stands for; the same account, name and language again changes it."""
    async with runtime.connection() as conn:
        template = await store.register(
            conn,
            tenant_id=operator.tenant_id,
            channel_account_id=data.channel_account_id,
            name=data.name,
            language=data.language,
            category=data.category,
            status=data.status,
            kind=data.kind,
            parameters=data.parameters,
            now=runtime.clock(),
        )
    if template is None:
        raise Missing("there is no such account")
    return template


@delete("/templates/{id:uuid}")
async def remove_template(
    id: FromPath[UUID], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> None:
    """Forget a template."""
    async with runtime.connection() as conn:
        if await store.remove(conn, id, tenant_id=operator.tenant_id) is None:
            raise Missing("there is no such template")


@post("/templates/sync", status_code=202)
async def sync_templates(operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> dict[str, str]:
    """Ask the providers now; otherwise they are asked every hour."""
    await ask_all(runtime, tenant_id=operator.tenant_id)
    return {"status": "queued"}


HANDLERS = (list_templates, register_template, remove_template, sync_templates)
