"""Contacts: their addresses, what they prefer, and everything about them handed out or forgotten."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.api.tags import match, tagged
from concierge.channels.addressing import spellings
from concierge.contacts import keeping, store
from concierge.contacts.forgetting import erase
from concierge.contacts.model import (
    ChangedContact,
    ChangedPreferences,
    Contact,
    Exported,
    Identity,
    NewContact,
    NewIdentity,
    Other,
    Preferences,
)
from concierge.runtime import Runtime


@get("/contacts", opt=needs("contacts:read"))
async def list_contacts(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    address: Annotated[
        str | None, QueryParameter(max_length=254, description="Who has it: an e-mail address, a phone's digits, an id")
    ] = None,
) -> Page[Contact]:
    """The tenant's contacts, newest first; without those that were merged into others, or erased."""
    values = None if address is None else spellings(address)
    async with runtime.connection() as conn:
        return paging.page(await store.some(conn, tenant_id=caller.tenant_id, values=values, **paging.asked()))


@post("/contacts", opt=needs("contacts:write"))
async def add_contact(
    data: JSONBody[NewContact], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Contact:
    """A new contact. Its addresses are those it will be known by when it writes."""
    async with runtime.begin() as conn:
        return await keeping.create(conn, data, tenant_id=caller.tenant_id, now=runtime.clock())


@get("/contacts/{id:uuid}", opt=needs("contacts:read"))
async def show_contact(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[Contact]:
    """One contact, with its ETag."""
    async with runtime.connection() as conn:
        return tagged(await keeping.find(conn, id, tenant_id=caller.tenant_id))


@patch("/contacts/{id:uuid}", opt=needs("contacts:write"))
async def change_contact(
    id: FromPath[UUID],
    data: JSONBody[ChangedContact],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    request: Request[Any, Any, Any],
) -> Response[Contact]:
    """Another name, other preferences; null: none, or as the tenant has it. If-Match holds it to what you have seen."""
    async with runtime.begin() as conn:
        present = await keeping.hold(conn, id, tenant_id=caller.tenant_id)
        match(request, present)
        return tagged(await keeping.change(conn, present, data, tenant_id=caller.tenant_id))


@delete("/contacts/{id:uuid}", opt=needs("contacts:write"))
async def remove_contact(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> None:
    """The same as erasing: there is no contact without its words."""
    async with runtime.begin() as conn:
        await erase(conn, id, tenant_id=caller.tenant_id, now=runtime.clock())


@get("/contacts/{id:uuid}/identities", opt=needs("contacts:read"))
async def list_identities(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Page[Identity]:
    """A contact's addresses, oldest first; all on one page."""
    async with runtime.connection() as conn:
        return Page((await keeping.find(conn, id, tenant_id=caller.tenant_id)).identities, None, has_more=False)


@post("/contacts/{id:uuid}/identities", opt=needs("contacts:write"))
async def add_identity(
    id: FromPath[UUID],
    data: JSONBody[NewIdentity],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Identity:
    """Another address of theirs. Where it is another contact's, merge the two instead."""
    async with runtime.begin() as conn:
        return await keeping.add_identity(conn, id, data, tenant_id=caller.tenant_id, now=runtime.clock())


@delete("/contacts/{id:uuid}/identities/{identity_id:uuid}", opt=needs("contacts:write"))
async def remove_identity(
    id: FromPath[UUID],
    identity_id: FromPath[UUID],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> None:
    """Not theirs after all; possible while no message came from there or went there."""
    async with runtime.begin() as conn:
        await keeping.remove_identity(conn, id, identity_id, tenant_id=caller.tenant_id)


@post("/contacts/{id:uuid}/merge", opt=needs("contacts:write"), status_code=200)
async def merge_contacts(
    id: FromPath[UUID], data: JSONBody[Other], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Contact:
    """They are one person: addresses, conversations and follow-ups of the other become this one's. Not to be undone."""
    async with runtime.begin() as conn:
        return await keeping.join(conn, id, data.contact_id, tenant_id=caller.tenant_id, now=runtime.clock())


@get("/contacts/{id:uuid}/preferences", opt=needs("contacts:read"))
async def show_preferences(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Preferences:
    """What the contact chose; null: what holds for the tenant."""
    async with runtime.connection() as conn:
        return _preferences(await keeping.find(conn, id, tenant_id=caller.tenant_id))


@patch("/contacts/{id:uuid}/preferences", opt=needs("contacts:write"))
async def change_preferences(
    id: FromPath[UUID],
    data: JSONBody[ChangedPreferences],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Preferences:
    """Time zone, tone, default action, language, quiet hours; null: as the tenant has it."""
    async with runtime.begin() as conn:
        present = await keeping.hold(conn, id, tenant_id=caller.tenant_id)
        return _preferences(await keeping.change(conn, present, data, tenant_id=caller.tenant_id))


@post("/contacts/{id:uuid}/export", opt=needs("contacts:read"), status_code=200)
async def export_contact(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Exported:
    """Everything that is known about a person, by table."""
    async with runtime.connection() as conn:
        return await keeping.export(conn, id, tenant_id=caller.tenant_id, now=runtime.clock())


@post("/contacts/{id:uuid}/erase", opt=needs("contacts:write"), status_code=200)
async def erase_contact(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Contact:
    """Forget everything about a person, in all rooms. Not to be undone; files are deleted within the hour."""
    async with runtime.begin() as conn:
        await erase(conn, id, tenant_id=caller.tenant_id, now=runtime.clock())
        return await keeping.find(conn, id, tenant_id=caller.tenant_id)


def _preferences(contact: Contact) -> Preferences:
    return Preferences(**{name: getattr(contact, name) for name in Preferences.__struct_fields__})


HANDLERS = (
    list_contacts,
    add_contact,
    show_contact,
    change_contact,
    remove_contact,
    list_identities,
    add_identity,
    remove_identity,
    merge_contacts,
    show_preferences,
    change_preferences,
    export_contact,
    erase_contact,
)
