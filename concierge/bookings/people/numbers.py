"""Phone numbers that we write to first: checked before they are kept, because a typo would only show when it is late."""

import phonenumbers
from phonenumbers import NumberParseException

from concierge.errors import Malformed


def e164(number: str, *, region: str | None, field: str = "phone") -> str:
    """The number as +491711234567. Without "+" it is read as one of `region` (ISO 3166), where there is one.

    Raises Malformed for what is no number anybody can have.
    """
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        raise Malformed(f"{field} is no valid phone number in E.164, such as +491711234567", pointer=f"/{field}")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
