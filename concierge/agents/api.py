"""Agents and prompts by HTTP."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from concierge.agents import linking, literal, prompt_store, prompting, store
from concierge.agents.model import (
    Agent,
    AgentChange,
    Archived,
    NewAgent,
    NewPrompt,
    NewVersion,
    Prompt,
    PromptChange,
    Version,
)
from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.api.tags import match, tagged
from concierge.errors import Missing
from concierge.runtime import Runtime


@get("/agents", opt=needs("agents:read"))
async def list_agents(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    archived: FromQuery[bool] = False,  # noqa: FBT002
) -> Page[Agent]:
    """Agents, newest first; with `archived` also those that answer nobody any more."""
    async with runtime.connection() as conn:
        return paging.page(await store.some(conn, tenant_id=caller.tenant_id, archived=archived, **paging.asked()))


@post("/agents", opt=needs("agents:write"))
async def add_agent(
    data: JSONBody[NewAgent], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[Agent]:
    """Put an agent on an account."""
    async with runtime.begin() as conn:
        agent = await linking.create(
            conn, data, tenant_id=caller.tenant_id, models=runtime.models, by=caller.actor, now=runtime.clock()
        )
    return tagged(agent, status_code=201)


@get("/agents/{id:uuid}", opt=needs("agents:read"))
async def show_agent(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[Agent]:
    """One agent, live or archived."""
    async with runtime.connection() as conn:
        return tagged(await linking.found(conn, id, tenant_id=caller.tenant_id))


@patch("/agents/{id:uuid}", opt=needs("agents:write"))
async def change_agent(
    request: Request[Any, Any, Any],
    id: FromPath[UUID],
    data: JSONBody[AgentChange],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Response[Agent]:
    """From the next turn on it behaves so. `settings` and `models` are replaced as a whole."""
    async with runtime.begin() as conn:
        agent = await linking.held(conn, id, tenant_id=caller.tenant_id)
        match(request, agent)
        changed = await linking.change(
            conn, agent, data, tenant_id=caller.tenant_id, models=runtime.models, by=caller.actor, now=runtime.clock()
        )
        return tagged(changed)


@delete("/agents/{id:uuid}", status_code=200, opt=needs("agents:write"))
async def archive_agent(
    request: Request[Any, Any, Any],
    id: FromPath[UUID],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Response[Agent]:
    """It answers nobody any more; its conversations are archived. Both stay readable."""
    async with runtime.begin() as conn:
        agent = await linking.held(conn, id, tenant_id=caller.tenant_id)
        match(request, agent)
        retired = await linking.retire(conn, agent, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())
        return tagged(retired)


@post("/agents/{id:uuid}/archive-conversations", status_code=200, opt=needs("agents:write"))
async def archive_conversations(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Archived:
    """Close the conversations of its account: whoever writes next begins anew."""
    async with runtime.begin() as conn:
        agent = await linking.held(conn, id, tenant_id=caller.tenant_id)
        count = await linking.archive_conversations(conn, agent, tenant_id=caller.tenant_id, now=runtime.clock())
    return Archived(count)


@get("/prompts", opt=needs("prompts:read"))
async def list_prompts(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    external_id: Annotated[str | None, QueryParameter(max_length=100, description="What others call it")] = None,
) -> Page[Prompt]:
    """Prompts with their newest texts, newest first."""
    async with runtime.connection() as conn:
        rows = await prompt_store.some(conn, tenant_id=caller.tenant_id, external_id=external_id, **paging.asked())
    return paging.page(rows)


@post("/prompts", opt=needs("prompts:write"))
async def add_prompt(
    data: JSONBody[NewPrompt], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Prompt:
    """A prompt and its first version."""
    async with runtime.begin() as conn:
        return await prompting.create(conn, data, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())


@get("/prompts/{id:uuid}", opt=needs("prompts:read"))
async def show_prompt(id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> Prompt:
    """One prompt with the text that is used now."""
    async with runtime.connection() as conn:
        return await prompting.found(conn, id, tenant_id=caller.tenant_id)


@patch("/prompts/{id:uuid}", opt=needs("prompts:write"))
async def change_prompt(
    id: FromPath[UUID],
    data: JSONBody[PromptChange],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Prompt:
    """Another name, or another external id."""
    async with runtime.begin() as conn:
        return await prompting.change(conn, id, data, tenant_id=caller.tenant_id)


@get("/prompts/{id:uuid}/versions", opt=needs("prompts:read"))
async def list_versions(
    id: FromPath[UUID],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
) -> Page[Version]:
    """Every text the prompt has had, newest first."""
    async with runtime.connection() as conn:
        await prompting.found(conn, id, tenant_id=caller.tenant_id)
        return paging.page(
            await prompt_store.versions(conn, prompt_id=id, tenant_id=caller.tenant_id, **paging.asked())
        )


@post("/prompts/{id:uuid}/versions", opt=needs("prompts:write"))
async def add_version(
    id: FromPath[UUID],
    data: JSONBody[NewVersion],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Version:
    """A new text, used from now on. To go back to an old one, publish it again."""
    async with runtime.begin() as conn:
        return await prompting.publish(
            conn, id, data.text, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock()
        )


@get("/prompts/{id:uuid}/versions/{number:int}", opt=needs("prompts:read"))
async def show_version(
    id: FromPath[UUID], number: FromPath[int], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Version:
    """One text, by its number."""
    async with runtime.connection() as conn:
        found = await prompt_store.version(conn, prompt_id=id, tenant_id=caller.tenant_id, number=number)
    if found is None:
        raise Missing("there is no such version")
    return found


HANDLERS = (
    list_agents,
    add_agent,
    show_agent,
    change_agent,
    archive_agent,
    archive_conversations,
    list_prompts,
    add_prompt,
    show_prompt,
    change_prompt,
    list_versions,
    add_version,
    show_version,
)
OF_USERS = literal.HANDLERS
