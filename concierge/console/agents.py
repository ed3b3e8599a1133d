"""Agents: what each can do and how it is set up, changed, and tried with a message that nobody is sent."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.accounts import store as accounts
from concierge.agents import linking, prompt_store, store
from concierge.agents.model import Agent, AgentChange, NewAgent
from concierge.api.paging import BEGINNING, Paging
from concierge.api.values import Text
from concierge.console.entered import Entered, entered
from concierge.console.model import Acting, Operator
from concierge.console.rehearsing import Rehearsed, rehearse
from concierge.console.rendering import back, page
from concierge.errors import Invalid
from concierge.inbox.skills import SKILLS
from concierge.runtime import Runtime

AnyRequest = Request[Any, Any, Any]
EVERY = Paging(200, BEGINNING)  # prompts and accounts to choose from


class Tried(msgspec.Struct, frozen=True):
    """A message to try an agent with."""

    text: Text


@get("/agents")
async def show_agents(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Agents, archived ones too, and prompts."""
    async with runtime.connection() as conn:
        rows = await store.some(conn, tenant_id=operator.tenant_id, archived=True, **listing.asked())
        prompts = await prompt_store.some(conn, tenant_id=operator.tenant_id, external_id=None, **EVERY.asked())
        places = await accounts.some(conn, tenant_id=operator.tenant_id, **EVERY.asked())
    return page(
        "agents", operator, agents=listing.page(rows), prompts=prompts, accounts=places, skills=list(SKILLS), said=said
    )


@post("/agents")
async def add_agent(
    request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Somebody new answers on an account; its page sets up the rest."""
    now, form = runtime.clock(), await entered(request)
    wish = form.given(
        NewAgent,
        name=form.word("name"),
        channel_account_id=form.word("channel_account_id"),
        skills=form.lines("skills"),
        prompt_id=form.word("prompt_id"),
        replace=form.ticked("replace"),
    )
    async with runtime.begin() as conn:
        made = await linking.create(
            conn, wish, tenant_id=admin.tenant_id, models=runtime.models, by=admin.actor, now=now
        )
        await admin.note(conn, "add", "agent", made.id, now=now)
    return back(f"/agents/{made.id}", said="saved")


@post("/agents/{id:uuid}/archive")
async def archive_agent(
    id: FromPath[UUID], admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """It answers nobody any more; what was said stays readable."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        agent = await linking.held(conn, id, tenant_id=admin.tenant_id)
        await linking.retire(conn, agent, tenant_id=admin.tenant_id, by=admin.actor, now=now)
        await admin.note(conn, "archive", "agent", id, now=now)
    return back(f"/agents/{id}", said="archived")


@get("/agents/{id:uuid}")
async def show_agent(
    id: FromPath[UUID],
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """One."""
    return await _shown(runtime, operator, id, said=said)


@post("/agents/{id:uuid}/try")
async def try_agent(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[str]:
    """What it would do with a message; nothing is sent, nothing is kept."""
    form = await entered(request)
    text = form.given(Tried, text=form.word("text")).text
    async with runtime.connection() as conn:
        agent = await linking.found(conn, id, tenant_id=acting.tenant_id)
        prompt = agent.prompt_id and await prompt_store.find(conn, agent.prompt_id, tenant_id=acting.tenant_id)
    thoughts = await rehearse(runtime, acting.operator, agent, prompt or None, text)
    return await _shown(runtime, acting.operator, id, text=text, thoughts=thoughts)


@post("/agents/{id:uuid}/change")
async def change_agent(
    id: FromPath[UUID], request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """From the next turn on it behaves so."""
    now, form = runtime.clock(), await entered(request)
    within = form.number("answer_within_seconds")
    wish = form.given(
        AgentChange,
        name=form.word("name"),
        skills=form.lines("skills"),
        settings=_object(form, "settings"),
        models=_object(form, "models"),
        quiet_seconds=form.number("quiet_seconds") or 0,
    )
    prompt_id = form.given(AgentChange, prompt_id=form.word("prompt_id")).prompt_id or None
    wish = msgspec.structs.replace(wish, prompt_id=prompt_id, answer_within_seconds=within)
    async with runtime.begin() as conn:
        agent = await linking.held(conn, id, tenant_id=admin.tenant_id)
        await linking.change(
            conn, agent, wish, tenant_id=admin.tenant_id, models=runtime.models, by=admin.actor, now=now
        )
        await admin.note(conn, "change", "agent", id, now=now)
    return back(f"/agents/{id}", said="saved")


async def _shown(
    runtime: Runtime,
    operator: Operator,
    id: UUID,
    *,
    text: str = "",
    thoughts: list[Rehearsed] | None = None,
    said: str | None = None,
) -> Response[str]:
    async with runtime.connection() as conn:
        agent: Agent = await linking.found(conn, id, tenant_id=operator.tenant_id)
        prompts = await prompt_store.some(conn, tenant_id=operator.tenant_id, external_id=None, **EVERY.asked())
    return page(
        "agent",
        operator,
        agent=agent,
        prompts=prompts,
        skills=list(SKILLS),
        models=sorted(runtime.models),
        text=text,
        thoughts=thoughts,
        said=said,
    )


def _object(form: Entered, name: str) -> Any:
    """JSON from a field. Raises Invalid."""
    try:
        return msgspec.json.decode(form.word(name) or "{}")
    except msgspec.DecodeError as error:
        raise Invalid([(f"/{name}", f"is not JSON: {error}")]) from None


HANDLERS = (show_agents, add_agent, show_agent, try_agent, change_agent, archive_agent)
