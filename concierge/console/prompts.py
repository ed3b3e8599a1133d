"""Prompts: what agents are told, version by version, with what changed between two."""

from difflib import unified_diff
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.agents import prompt_store as store
from concierge.agents import prompting
from concierge.agents.model import NewPrompt, NewVersion
from concierge.api.paging import Paging
from concierge.console.entered import entered
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.runtime import Runtime

AnyRequest = Request[Any, Any, Any]


@get("/prompts/{id:uuid}")
async def show_prompt(
    id: FromPath[UUID],
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """The text that holds, and each version with what it changed."""
    async with runtime.connection() as conn:
        prompt = await prompting.found(conn, id, tenant_id=operator.tenant_id)
        rows = await store.versions(conn, prompt_id=id, tenant_id=operator.tenant_id, **listing.asked())
    older = {each.number: each.text for each in rows}
    diffs = {each.number: changes(older.get(each.number - 1, ""), each.text) for each in rows}
    return page("prompt", operator, prompt=prompt, versions=listing.page(rows), diffs=diffs, said=said)


@post("/prompts")
async def add_prompt(
    request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """A new one."""
    now, form = runtime.clock(), await entered(request)
    new = form.given(NewPrompt, name=form.word("name"), text=form.word("text"))
    async with runtime.begin() as conn:
        made = await prompting.create(conn, new, tenant_id=admin.tenant_id, by=admin.actor, now=now)
        await admin.note(conn, "add", "prompt", made.id, now=now)
    return back(f"/prompts/{made.id}", said="saved")


@post("/prompts/{id:uuid}/versions")
async def publish(
    id: FromPath[UUID], request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """A text that is used from now on."""
    now, form = runtime.clock(), await entered(request)
    new = form.given(NewVersion, text=form.word("text"))
    async with runtime.begin() as conn:
        made = await prompting.publish(conn, id, new.text, tenant_id=admin.tenant_id, by=admin.actor, now=now)
        await admin.note(conn, "publish", "prompt", id, detail=f"version {made.number}", now=now)
    return back(f"/prompts/{id}", said="saved")


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """(`add`, `drop` or `same`, line) of what makes one text the other, with two lines around."""
    kinds = {"+": "add", "-": "drop"}
    lines = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:]
    return [(kinds.get(line[:1], "same"), line) for line in lines]


HANDLERS = (show_prompt, add_prompt, publish)
