"""Forms as they come back: plain text, by field."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request

from concierge.errors import Invalid


async def filled(request: Request[Any, Any, Any]) -> dict[str, str]:
    """What was written into each field, without space around it; the last one where a field came several times."""
    return {name: str(value).strip() for name, value in (await request.form()).items()}


async def every(request: Request[Any, Any, Any], name: str) -> list[str]:
    """Everything that came under one name, in its order."""
    return [str(value).strip() for value in (await request.form()).getall(name, [])]


def moment(written: str, zone: str, field: str) -> datetime:
    """A time on the clocks of a zone, as browsers write it. Raises Invalid naming the field."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid([(f"/{field}", "is not a time")]) from None
