"""Types of fields that more than one room has. Each says its bounds, so that the description of the API does too."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import available_timezones

import phonenumbers
from msgspec import Meta


def checked(check: Callable[[Any], str | None]) -> dict[str, Any]:
    """The `extra=` of a Meta: `check` says what is wrong with a value that has the right type, or None."""
    return {"check": check}


def _is_zone(name: str) -> str | None:
    return None if name in available_timezones() else "is not an IANA time zone, such as Europe/Berlin"


def _is_phone(number: str) -> str | None:
    try:
        sound = number.startswith("+") and phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        sound = False
    return None if sound else "is not a phone number that exists, such as +4915112345678"


def _is_near(moment: datetime | str) -> str | None:
    year = int(str(moment)[:4])
    return None if 2000 <= year < 2200 else "must lie between the years 2000 and 2200"


def _has_words(text: str) -> str | None:
    return None if text.strip() else "must not be empty"


Zone = Annotated[str, Meta(max_length=64, extra=checked(_is_zone), examples=["Europe/Berlin"])]
Phone = Annotated[str, Meta(max_length=20, extra=checked(_is_phone), examples=["+4915112345678"])]
Email = Annotated[str, Meta(max_length=254, pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$", examples=["alice@example.com"])]
Moment = Annotated[datetime, Meta(tz=True, extra=checked(_is_near), examples=["2027-03-12T09:00:00+01:00"])]
Name = Annotated[str, Meta(min_length=1, max_length=200, extra=checked(_has_words))]
Text = Annotated[str, Meta(min_length=1, max_length=10_000, extra=checked(_has_words))]
ExternalId = Annotated[str, Meta(pattern=r"^[\w.:@+-]{1,128}$", examples=["acme-42"])]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=35, examples=["de", "pt-BR"])]
Hour = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="On a clock", examples=["22:00"])]
