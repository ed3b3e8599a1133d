"""Agents and the accounts they answer on: made, changed, moved, retired."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET, structs

from concierge.agents import prompt_store, store
from concierge.agents.checking import check, talks
from concierge.agents.model import Agent, AgentChange, NewAgent
from concierge.conversations.handover.store import archive
from concierge.conversations.open_store import exclude_merging
from concierge.errors import Conflicting, Invalid, Missing
from concierge.postgres.query import Conn

QUIET = 2.0  # seconds
DAY = 86_400  # seconds


async def found(conn: Conn, id: UUID, *, tenant_id: UUID) -> Agent:
    """Raises Missing."""
    agent = await store.find(conn, id, tenant_id=tenant_id)
    if agent is None:
        raise Missing("there is no such agent")
    return agent


async def held(conn: Conn, id: UUID, *, tenant_id: UUID) -> Agent:
    """Nobody else changes it until the transaction ends. Raises Missing."""
    await store.lock(conn, id, tenant_id=tenant_id)
    return await found(conn, id, tenant_id=tenant_id)


async def create(
    conn: Conn, new: NewAgent, *, tenant_id: UUID, models: Collection[str], by: str, now: datetime
) -> Agent:
    """Raises Invalid, and Conflicting where the account has an agent that is not to be replaced."""
    facts = structs.asdict(new)
    replace, account_id = facts.pop("replace"), facts.pop("channel_account_id")
    usual = talks(new.skills)
    facts["quiet_seconds"] = (QUIET if usual else 0.0) if new.quiet_seconds is UNSET else new.quiet_seconds
    if new.answer_within_seconds is UNSET:
        facts["answer_within_seconds"] = DAY if usual else None
    await _check(conn, facts, tenant_id, models)
    old = await _make_room(conn, account_id, tenant_id=tenant_id, replace=replace, by=by, now=now)
    id = await store.add(conn, tenant_id=tenant_id, channel_account_id=account_id, **facts, by=by, now=now)
    if old is not None:
        await _archive(conn, tenant_id, account_id, old, id, now)
    return await found(conn, id, tenant_id=tenant_id)


async def change(
    conn: Conn, agent: Agent, wish: AgentChange, *, tenant_id: UUID, models: Collection[str], by: str, now: datetime
) -> Agent:
    """`agent` is held. Raises Invalid, and Conflicting for one that is archived, or for an account that is taken."""
    if not agent.live:
        raise Conflicting("the agent is archived")
    given = {name: value for name, value in structs.asdict(wish).items() if value is not UNSET and name != "replace"}
    facts = {name: getattr(agent, name) for name in _FACTS} | given
    await _check(conn, facts, tenant_id, models)
    if facts["channel_account_id"] != agent.channel_account_id:
        account_id = facts["channel_account_id"]
        old = await _make_room(conn, account_id, tenant_id=tenant_id, replace=wish.replace, by=by, now=now)
        await _archive(conn, tenant_id, agent.channel_account_id, agent.id, None, now)
        if old is not None:
            await _archive(conn, tenant_id, account_id, old, agent.id, now)
    await store.change(conn, agent.id, tenant_id=tenant_id, **facts, by=by, now=now)
    return await found(conn, agent.id, tenant_id=tenant_id)


async def retire(conn: Conn, agent: Agent, *, tenant_id: UUID, by: str, now: datetime) -> Agent:
    """Nobody answers on its account any more; its conversations are archived. Raises Conflicting when it is already."""
    if not await store.retire(conn, agent.id, tenant_id=tenant_id, by=by, now=now):
        raise Conflicting("the agent is archived")
    await _archive(conn, tenant_id, agent.channel_account_id, agent.id, None, now)
    return await found(conn, agent.id, tenant_id=tenant_id)


async def archive_conversations(conn: Conn, agent: Agent, *, tenant_id: UUID, now: datetime) -> int:
    """Everybody begins anew with the same agent; how many conversations were closed. Raises Conflicting."""
    if not agent.live:
        raise Conflicting("the agent is archived")
    return await _archive(conn, tenant_id, agent.channel_account_id, agent.id, agent.id, now)


_FACTS = (
    "channel_account_id",
    "name",
    "skills",
    "settings",
    "models",
    "prompt_id",
    "quiet_seconds",
    "answer_within_seconds",
)


async def _check(conn: Conn, facts: dict[str, Any], tenant_id: UUID, models: Collection[str]) -> None:
    check(skills=facts["skills"], settings=facts["settings"], models=facts["models"], known_models=models)
    prompt_id = facts["prompt_id"]
    if prompt_id is not None and await prompt_store.find(conn, prompt_id, tenant_id=tenant_id) is None:
        raise Invalid([("/prompt_id", "there is no such prompt")])


async def _make_room(
    conn: Conn, account_id: UUID, *, tenant_id: UUID, replace: bool, by: str, now: datetime
) -> UUID | None:
    """The account's present agent, retired; None where it has none. The account is locked."""
    place = await store.place(conn, account=str(account_id), tenant_id=tenant_id)
    if place is None:
        raise Invalid([("/channel_account_id", "is no channel account of this tenant")])
    if place.agent_id is not None:
        if not replace:
            raise Conflicting("the account has an agent; `replace` puts this one in its place")
        await store.retire(conn, place.agent_id, tenant_id=tenant_id, by=by, now=now)
    return place.agent_id


async def _archive(conn: Conn, tenant_id: UUID, account: UUID, old: UUID, new: UUID | None, now: datetime) -> int:
    await exclude_merging(conn)
    return await archive(
        conn, tenant_id=tenant_id, channel_account_id=account, old_agent_id=old, new_agent_id=new, now=now
    )
