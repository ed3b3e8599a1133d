"""Addresses as they are kept: one spelling each, so that the same address is found again. Pure."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

import phonenumbers

ChannelName = Literal["email", "whatsapp", "instagram", "webchat"]
AddressKind = Literal["email", "phone", "bsuid", "igsid", "webchat"]

KINDS: Mapping[str, tuple[str, ...]] = {
    "email": ("email",),
    "whatsapp": ("phone", "bsuid"),
    "instagram": ("igsid",),
    "webchat": ("webchat",),
}
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
LONGEST = 254  # characters


def normal(channel: str, kind: str, value: str) -> str:
    """The address in its one spelling: mail in lower case, phones as digits without "+". Raises ValueError with why."""
    if kind not in KINDS.get(channel, ()):
        raise ValueError(f"{channel} has no addresses of the kind {kind}")
    value = value.strip()
    if kind == "phone":
        return _digits(value)
    if not value or len(value) > LONGEST or not value.isprintable():
        raise ValueError(f"must be 1 to {LONGEST} printable characters")
    if kind == "email":
        if not _EMAIL.fullmatch(value):
            raise ValueError("is not an e-mail address")
        return value.lower()
    return value


def spellings(said: str) -> list[str]:
    """How an address may be kept that somebody names without its channel: every spelling it could have."""
    found = set()
    for channel, kinds in KINDS.items():
        for kind in kinds:
            with suppress(ValueError):
                found.add(normal(channel, kind, said))
    return sorted(found)


def _digits(value: str) -> str:
    """Digits as Meta gives them: country code first."""
    try:
        number = phonenumbers.parse(value if value.startswith("+") else f"+{value}")
        sound = phonenumbers.is_possible_number(number)
    except phonenumbers.NumberParseException:
        sound = False
    if not sound:
        raise ValueError("is not a phone number with its country code, such as +4915112345678")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
