"""Who comes: a contact, found by their addresses, or a new one."""

from datetime import datetime
from uuid import UUID

from concierge.bookings.model import Customer
from concierge.bookings.people import store
from concierge.errors import Conflicting, Malformed
from concierge.postgres.query import Conn


async def known(conn: Conn, customer: Customer, *, tenant_id: UUID, now: datetime) -> UUID:
    """The contact's id. Where phone and email are two people's the phone decides; nobody is merged because of it."""
    addresses = [("whatsapp", "phone", customer.phone.removeprefix("+"))] if customer.phone else []
    addresses += [("email", "email", customer.email.lower())] if customer.email else []
    if not addresses:
        raise Malformed("a phone number or an email address is needed", pointer="/customer")
    await store.exclude_merging(conn)
    channels, kinds, values = map(list, zip(*addresses, strict=True))
    for _ in range(3):  # somebody else may add the same person at this moment: then they are found the next time
        id = await store.find_or_add(
            conn,
            tenant_id=tenant_id,
            channels=channels,
            kinds=kinds,
            values=values,
            name=customer.name,
            language=customer.language,
            now=now,
        )
        if id is not None:
            return id
    raise Conflicting("the same person is being added; try again")
