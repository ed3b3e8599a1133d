"""Agents in the words of the multi-channel agent's design: a user has phone numbers, a number an agent with a prompt.

Linking an agent to a number that has one replaces it, and archives its conversations.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from concierge.agents import linking, prompt_store, prompting, store
from concierge.agents.model import Agent, AgentChange, NewAgent
from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.api.values import Name
from concierge.errors import Invalid
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

SKILLS = ["replies", "leads"]

PromptId = Annotated[str, Meta(min_length=1, max_length=100, description="As its provider calls it, or our id")]
PhoneNumberId = Annotated[str, Meta(min_length=1, max_length=254, description="As its vendor calls it, or our id")]


class NewUserAgent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agent for a number."""

    phone_number_id: PhoneNumberId
    prompt_id: PromptId
    name: Name


class UserAgentChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be different."""

    phone_number_id: PhoneNumberId | UnsetType = UNSET
    prompt_id: PromptId | UnsetType = UNSET
    name: Name | UnsetType = UNSET


class UserAgent(Struct, frozen=True, kw_only=True):
    """An agent of a user."""

    agent_id: UUID
    user_id: UUID
    phone_number_id: str
    prompt_id: str | None
    name: str
    created_at: datetime


@post("/{user_id:str}/agents", opt=needs("agents:write"))
async def add_user_agent(
    user: NamedDependency[UUID],
    data: JSONBody[NewUserAgent],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> UserAgent:
    """Put an agent on a number, in place of the one it may have."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        new = NewAgent(
            name=data.name,
            channel_account_id=await _account(conn, data.phone_number_id, user),
            skills=SKILLS,
            prompt_id=await _prompt(conn, data.prompt_id, user, caller.actor, now),
            replace=True,
        )
        made = await linking.create(conn, new, tenant_id=user, models=runtime.models, by=caller.actor, now=now)
        return await _shown(conn, made, user)


@get("/{user_id:str}/agents", opt=needs("agents:read"))
async def list_user_agents(
    user: NamedDependency[UUID],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
) -> Page[UserAgent]:
    """The user's live agents, newest first."""
    async with runtime.connection() as conn:
        page = paging.page(await store.some(conn, tenant_id=user, archived=False, **paging.asked()))
        return Page([await _shown(conn, each, user) for each in page.data], page.next_cursor, page.has_more)


@get("/{user_id:str}/agents/{id:uuid}", opt=needs("agents:read"))
async def show_user_agent(
    user: NamedDependency[UUID], id: FromPath[UUID], runtime: NamedDependency[Runtime]
) -> UserAgent:
    """One agent."""
    async with runtime.connection() as conn:
        return await _shown(conn, await linking.found(conn, id, tenant_id=user), user)


@patch("/{user_id:str}/agents/{id:uuid}", opt=needs("agents:write"))
async def change_user_agent(
    user: NamedDependency[UUID],
    id: FromPath[UUID],
    data: JSONBody[UserAgentChange],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> UserAgent:
    """Another name, prompt or number."""
    now, number, prompt = runtime.clock(), data.phone_number_id, data.prompt_id
    async with runtime.begin() as conn:
        wish = AgentChange(
            name=data.name,
            channel_account_id=UNSET if number is UNSET else await _account(conn, number, user),
            prompt_id=UNSET if prompt is UNSET else await _prompt(conn, prompt, user, caller.actor, now),
            replace=True,
        )
        agent = await linking.held(conn, id, tenant_id=user)
        changed = await linking.change(
            conn, agent, wish, tenant_id=user, models=runtime.models, by=caller.actor, now=now
        )
        return await _shown(conn, changed, user)


@delete("/{user_id:str}/agents/{id:uuid}", opt=needs("agents:write"))
async def delete_user_agent(
    user: NamedDependency[UUID],
    id: FromPath[UUID],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> None:
    """It answers nobody any more; its conversations are archived."""
    async with runtime.begin() as conn:
        agent = await linking.held(conn, id, tenant_id=user)
        await linking.retire(conn, agent, tenant_id=user, by=caller.actor, now=runtime.clock())


async def _account(conn: Conn, number: str, tenant_id: UUID) -> UUID:
    place = await store.place(conn, account=number, tenant_id=tenant_id)
    if place is None:
        raise Invalid([("/phone_number_id", "there is no such number")])
    return place.id


async def _prompt(conn: Conn, name: str, tenant_id: UUID, by: str, now: datetime) -> UUID:
    """By our id, or by its provider's: one that we have not heard of yet is kept under that."""
    try:
        id = UUID(name)
    except ValueError:
        return await prompting.named(conn, name, tenant_id=tenant_id, by=by, now=now)
    return (await prompting.found(conn, id, tenant_id=tenant_id)).id


async def _shown(conn: Conn, agent: Agent, tenant_id: UUID) -> UserAgent:
    prompt = await prompt_store.find(conn, agent.prompt_id, tenant_id=tenant_id) if agent.prompt_id else None
    return UserAgent(
        agent_id=agent.id,
        user_id=tenant_id,
        phone_number_id=await store.number(conn, agent.channel_account_id, tenant_id=tenant_id),
        prompt_id=(prompt.external_id or str(prompt.id)) if prompt else None,
        name=agent.name,
        created_at=agent.created_at,
    )


HANDLERS = (add_user_agent, list_user_agents, show_user_agent, change_user_agent, delete_user_agent)
