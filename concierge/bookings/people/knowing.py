"""Who comes: a contact, found by their addresses, or a new one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from concierge.bookings.model import Customer
from concierge.bookings.people import store
from concierge.errors import Conflicting, Invalid, Malformed
from concierge.postgres.query import Conn


async def known(conn: Conn, customer: Customer, *, channels: Sequence[str], tenant_id: UUID, now: datetime) -> UUID:
    """The contact's id. Where phone and email are two people's the phone decides; nobody is merged because of it.

    Raises Malformed for a customer without address, Invalid for a contact there is none of or who has no address on
    `channels`.
    """
    if customer.contact_id is not None:
        return await _living(conn, customer.contact_id, channels, tenant_id=tenant_id)
    addresses = [("whatsapp", "phone", customer.phone.removeprefix("+"))] if customer.phone else []
    addresses += [("email", "email", customer.email.lower())] if customer.email else []
    if not addresses:
        raise Malformed("a phone number or an email address is needed", pointer="/customer")
    await store.exclude_merging(conn)
    places, kinds, values = map(list, zip(*addresses, strict=True))
    for _ in range(3):  # somebody else may add the same person at this moment: then they are found the next time
        id = await store.find_or_add(
            conn,
            tenant_id=tenant_id,
            channels=places,
            kinds=kinds,
            values=values,
            name=customer.name,
            language=customer.language,
            now=now,
        )
        if id is not None:
            return id
    raise Conflicting("the same person is being added; try again")


async def _living(conn: Conn, id: UUID, channels: Sequence[str], *, tenant_id: UUID) -> UUID:
    await store.exclude_merging(conn)
    person = await store.living(conn, id, tenant_id=tenant_id, channels=list(channels))
    if person is None:
        raise Invalid([("/customer/contact_id", "is no contact of this tenant")])
    if not person.reachable:
        names = ", ".join(channels)
        raise Invalid([("/customer/contact_id", f"has no address on the channels of the reminder policy: {names}")])
    return person.id
