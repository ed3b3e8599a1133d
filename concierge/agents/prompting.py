"""Prompts: named once, their texts kept as versions."""

from datetime import datetime
from uuid import UUID

from msgspec import UNSET

from concierge.agents import prompt_store as store
from concierge.agents.model import NewPrompt, Prompt, PromptChange, Version
from concierge.errors import Conflicting, Missing
from concierge.postgres.query import Conn


async def found(conn: Conn, id: UUID, *, tenant_id: UUID) -> Prompt:
    """Raises Missing."""
    prompt = await store.find(conn, id, tenant_id=tenant_id)
    if prompt is None:
        raise Missing("there is no such prompt")
    return prompt


async def create(conn: Conn, new: NewPrompt, *, tenant_id: UUID, by: str, now: datetime) -> Prompt:
    """With its first version, if it has a text. Raises Conflicting."""
    id = await store.add(conn, tenant_id=tenant_id, name=new.name, external_id=new.external_id, now=now)
    if id is None:
        raise Conflicting("another prompt has this name or external_id")
    if new.text is not None:
        await store.add_version(conn, tenant_id=tenant_id, prompt_id=id, text=new.text, by=by, now=now)
    return await found(conn, id, tenant_id=tenant_id)


async def change(conn: Conn, id: UUID, wish: PromptChange, *, tenant_id: UUID) -> Prompt:
    """Raises Missing, Conflicting."""
    prompt = await found(conn, id, tenant_id=tenant_id)
    name = prompt.name if wish.name is UNSET else wish.name
    external_id = prompt.external_id if wish.external_id is UNSET else wish.external_id
    if not await store.change(conn, id, tenant_id=tenant_id, name=name, external_id=external_id):
        raise Conflicting("another prompt has this name or external_id")
    return await found(conn, id, tenant_id=tenant_id)


async def publish(conn: Conn, id: UUID, text: str, *, tenant_id: UUID, by: str, now: datetime) -> Version:
    """The text is used from now on, as the timelines of its agents say. Raises Missing."""
    if await store.lock(conn, id, tenant_id=tenant_id) is None:
        raise Missing("there is no such prompt")
    return await store.add_version(conn, tenant_id=tenant_id, prompt_id=id, text=text, by=by, now=now)


async def named(conn: Conn, name: str, *, tenant_id: UUID, by: str, now: datetime) -> UUID:
    """The prompt that a model provider calls so, kept now if it was not known."""
    known = await store.by_external_id(conn, tenant_id=tenant_id, external_id=name)
    if known is None:
        known = (await create(conn, NewPrompt(name=name, external_id=name), tenant_id=tenant_id, by=by, now=now)).id
    return known
