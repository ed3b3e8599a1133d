"""Who wrote: phones, business-scoped user ids, names.

Shapes: Meta, Cloud API, “Business-scoped user IDs”, “System messages”.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Raw, Struct
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE, clean
from concierge.channels.model import Address, Renamed

NOBODY = Address(kind="phone", value="unknown")
_USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]")  # “US.1349…”, “US.ENT.1181…”

LONGEST = 512  # characters of an address; longer ones would not fit into an index


class _Profile(Struct):
    name: str | None = None
    username: str | None = None


class Contact(Struct):
    """What a batch says about a person beside what they wrote."""

    profile: _Profile | None = None
    wa_id: str | None = None
    user_id: str | None = None
    parent_user_id: str | None = None

    def name(self) -> str | None:
        """What they call themselves; the username of somebody without a name."""
        name = self.profile and (self.profile.name or self.profile.username)
        return clean(name) if name else None


class Ids(Struct):
    """The members of a message that say who wrote it."""

    phone: str = ""
    user_id: str = ""
    parent_user_id: str = ""


class _Change(Struct):
    """A system message: who they are now, and who they were where the message itself does not say."""

    wa_id: str | None = None
    new_wa_id: str | None = None  # its name until 2022
    user_id: str | None = None
    parent_user_id: str | None = None
    previous_user_id: str | None = None
    previous_parent_user_id: str | None = None


_contact = Decoder(Contact)
_change = Decoder(_Change)


def contacts_of(items: Sequence[Raw]) -> list[Contact]:
    """Those that can be read: of the others only a name is lost, and the message is what counts."""
    known = []
    for item in items:
        try:
            known.append(_contact.decode(item))
        except UNDECODABLE:
            continue
    return known


def contact_of(ids: Ids, contacts: Sequence[Contact], *, alone: bool) -> Contact | None:
    """The contact that a message's ids are of; `alone`: there is only one message it could be of."""
    for contact in contacts:
        if (ids.phone and contact.wa_id == ids.phone) or (ids.user_id and contact.user_id == ids.user_id):
            return contact
    return contacts[0] if alone and len(contacts) == 1 else None  # `wa_id` and `from` "may not always match"


def addresses(ids: Ids, contact: Contact | None) -> tuple[Address, ...]:
    """Every address of the person, the one to answer first; NOBODY where there is none.

    The phone where Meta names it, else the business-scoped user id: people with a username may have no phone.
    """
    other = contact or Contact()
    phones = (ids.phone, other.wa_id)
    user_ids = (ids.user_id, other.user_id, ids.parent_user_id, other.parent_user_id)
    known = [address for each in phones if (address := reached(each))]
    known += [address for each in user_ids if (address := _user_id(each))]
    return tuple(dict.fromkeys(known)) or (NOBODY,)


def renamed(account: str, ids: Ids, system: Raw, at: datetime) -> Iterator[Renamed]:
    """What a system message changes about somebody's addresses: their number, their user ids, or both."""
    try:
        change = _change.decode(system)
    except UNDECODABLE:
        return
    phone, new_phone = reached(ids.phone), reached(change.wa_id or change.new_wa_id)
    user_id, new_user_id = _user_id(change.previous_user_id or ids.user_id), _user_id(change.user_id)
    parent = _user_id(change.previous_parent_user_id or ids.parent_user_id)
    moves = [
        (phone, new_phone),
        (user_id or (None if new_phone else phone), new_user_id),
        (parent, _user_id(change.parent_user_id)),
    ]
    for old, new in moves:
        if old and new and old != new:
            yield Renamed(account=account, old=old, new=new, at=at)


def reached(value: str | None) -> Address | None:
    """A phone; of a person with a username Meta may write the business-scoped user id in its place."""
    return _user_id(value) if _USER_ID.match(value or "") else _address("phone", (value or "").removeprefix("+"))


def _user_id(value: str | None) -> Address | None:
    return _address("bsuid", value or "")


def _address(kind: str, value: str) -> Address | None:
    if not 0 < len(value) <= LONGEST:
        return None
    return Address("phone" if kind == "phone" else "bsuid", clean(value))
