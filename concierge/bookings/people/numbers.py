"""Phone numbers as other calendars write them."""

import phonenumbers
from phonenumbers import NumberParseException

from concierge.errors import Malformed


def e164(number: str, *, region: str | None) -> str:
    """The number as +491711234567; without "+" it is read as one of `region` (ISO 3166), where there is one.

    Raises Malformed for what is no number anybody can have: a typo would otherwise only show when it is late.
    """
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        raise Malformed("this is no phone number that exists, such as +491711234567", pointer="/phone")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
