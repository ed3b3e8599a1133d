"""Making and changing contacts, and finding out that two are one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from concierge.channels.addressing import normal
from concierge.contacts import store
from concierge.contacts.model import (
    ChangedContact,
    ChangedPreferences,
    Contact,
    Exported,
    Identity,
    NewContact,
    NewIdentity,
)
from concierge.errors import Conflicting, Invalid, Missing
from concierge.identities.merging import merge
from concierge.identities.store import exclude_arrival
from concierge.postgres.query import Conn

_CHANGEABLE = ChangedContact.__struct_fields__


async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Contact:
    """One contact. Raises Missing."""
    contact = await store.find(conn, id, tenant_id=tenant_id)
    if contact is None:
        raise Missing("there is no such contact")
    return contact


async def hold(conn: Conn, id: UUID, *, tenant_id: UUID) -> Contact:
    """One contact that can be changed, and that nobody else changes now. Raises Missing, Conflicting."""
    await store.hold(conn, ids=[id], tenant_id=tenant_id)
    contact = await find(conn, id, tenant_id=tenant_id)
    if contact.erased_at is not None:
        raise Conflicting("this contact was erased")
    if contact.merged_into is not None:
        raise Conflicting(f"this contact is known as {contact.merged_into} now")
    return contact


async def create(conn: Conn, new: NewContact, *, tenant_id: UUID, now: datetime) -> Contact:
    """A contact with its addresses. Raises Invalid, Conflicting where one of them is somebody's."""
    values = _normal(new.identities, "/identities")
    id = await store.add(conn, tenant_id=tenant_id, now=now)
    for n, (identity, value) in enumerate(zip(new.identities, values, strict=True)):
        await _add(conn, id, identity, value, pointer=f"/identities/{n}", tenant_id=tenant_id, now=now)
    return await change(conn, await find(conn, id, tenant_id=tenant_id), new, tenant_id=tenant_id)


async def change(conn: Conn, contact: Contact, changed: ChangedPreferences, *, tenant_id: UUID) -> Contact:
    """What is named becomes so; the contact must be held. Raises Invalid."""
    facts: dict[str, Any] = {name: getattr(contact, name) for name in _CHANGEABLE}
    given = {name: getattr(changed, name, UNSET) for name in _CHANGEABLE}
    facts |= {name: value for name, value in given.items() if value is not UNSET}
    if (facts["quiet_from"] is None) != (facts["quiet_until"] is None):
        raise Invalid([("/quiet_from", "goes with quiet_until: both, or neither")])
    await store.save(conn, contact.id, tenant_id=tenant_id, **facts)
    return msgspec.structs.replace(contact, **facts)


async def add_identity(conn: Conn, id: UUID, new: NewIdentity, *, tenant_id: UUID, now: datetime) -> Identity:
    """Another address of theirs. Raises Missing, Invalid, Conflicting where it is somebody's."""
    (value,) = _normal([new], None)
    await hold(conn, id, tenant_id=tenant_id)
    return await _add(conn, id, new, value, pointer="", tenant_id=tenant_id, now=now)


async def remove_identity(conn: Conn, id: UUID, identity_id: UUID, *, tenant_id: UUID) -> None:
    """Not theirs after all. Raises Missing, Conflicting where messages came from there or went there."""
    await exclude_arrival(conn)
    await hold(conn, id, tenant_id=tenant_id)
    match await store.is_used(conn, identity_id, contact_id=id, tenant_id=tenant_id):
        case None:
            raise Missing("there is no such address")
        case True:
            raise Conflicting("messages came from this address or went there")
        case _:
            await store.remove_identity(conn, identity_id, tenant_id=tenant_id)


async def join(conn: Conn, id: UUID, other: UUID, *, tenant_id: UUID, now: datetime) -> Contact:
    """Two contacts are one person: what is the other's becomes this one's. Raises Missing, Invalid, Conflicting."""
    if other == id:
        raise Invalid([("/contact_id", "is the same contact")])
    await exclude_arrival(conn)
    for each in sorted((id, other)):
        await hold(conn, each, tenant_id=tenant_id)
    await merge(conn, tenant_id=tenant_id, kept=id, gone=other, now=now)
    return await find(conn, id, tenant_id=tenant_id)


async def export(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> Exported:
    """Everything that is known about a person. Raises Missing."""
    await find(conn, id, tenant_id=tenant_id)
    found = await store.export(conn, id, tenant_id=tenant_id)
    return Exported(id, now, {each.kind: each.rows for each in found})


async def _add(
    conn: Conn, id: UUID, new: NewIdentity, value: str, *, pointer: str, tenant_id: UUID, now: datetime
) -> Identity:
    place = {"tenant_id": tenant_id, "channel": new.channel, "kind": new.kind, "value": value}
    added = await store.add_identity(conn, contact_id=id, now=now, **place)  # type: ignore[arg-type]
    if added is None:
        owner = await store.owner(conn, **place)  # type: ignore[arg-type]
        raise Conflicting(f"{pointer or 'this address'} is one of the contact {owner}: if it is one person, merge them")
    return added


def _normal(identities: Sequence[NewIdentity], pointer: str | None) -> list[str]:
    """Their values in one spelling. Raises Invalid naming all that cannot be."""
    values, wrong = [], []
    for n, each in enumerate(identities):
        try:
            values.append(normal(each.channel, each.kind, each.value))
        except ValueError as error:
            field = "kind" if str(error).startswith(each.channel) else "value"
            wrong.append((f"/{field}" if pointer is None else f"{pointer}/{n}/{field}", str(error)))
    if wrong:
        raise Invalid(wrong)
    return values
