"""Writing first: the open conversation of an address on an account, made where there is none."""

from datetime import datetime
from uuid import UUID

import phonenumbers

from concierge.conversations import open_store as store
from concierge.conversations.open_store import Place
from concierge.errors import Conflicting, Invalid
from concierge.postgres.query import Conn


async def open_with(
    conn: Conn, *, tenant_id: UUID, account_id: UUID, channel: str, to: str, pointer: str, now: datetime
) -> Place:
    """Where to say something to `to`: a phone number on WhatsApp, a mailbox on email. Raises Invalid naming `pointer`.

    Instagram and web chat take nobody who has not written: there a conversation is needed, not an address.
    """
    kind, value = _address(channel, to, pointer)
    await store.exclude_merging(conn)
    for _ in range(3):  # somebody may add the same person at this moment: then they are found the next time
        identity = await store.known_or_new(conn, tenant_id=tenant_id, channel=channel, kind=kind, value=value, now=now)
        if identity is not None:
            return await store.opened(conn, tenant_id=tenant_id, account_id=account_id, identity_id=identity, now=now)
    raise Conflicting("the same person is being added; try again")


def _address(channel: str, to: str, pointer: str) -> tuple[str, str]:
    if channel == "whatsapp":
        return "phone", _phone(to, pointer)
    if channel == "email":
        local, _, domain = to.rpartition("@")
        if not local or "." not in domain or " " in to or len(to) > 254:
            raise Invalid([(pointer, "is not a mailbox, such as alice@example.com")])
        return "email", to.lower()
    raise Invalid([(pointer, f"nobody can be written to first on {channel}: give a conversation_id")])


def _phone(to: str, pointer: str) -> str:
    try:
        number = phonenumbers.parse(to)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid([(pointer, "is not a phone number that exists, such as +4915112345678")])
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
