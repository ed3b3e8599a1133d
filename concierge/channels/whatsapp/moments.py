"""When something happened, as WhatsApp writes it."""

from datetime import UTC, datetime


def instant(seconds: str | float | None, now: datetime) -> datetime:
    """The instant of unix seconds, most often written as a string; `now` where they make no sense."""
    try:
        return datetime.fromtimestamp(int(seconds or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return now
