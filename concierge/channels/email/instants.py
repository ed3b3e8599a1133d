"""Moments as vendors of mail write them into events."""

from datetime import UTC, datetime

MILLISECONDS = 1e11  # a larger number is not of seconds: it would be the year 5138


def instant(told: str | float | None) -> datetime | None:
    """ISO 8601 (without a zone: UTC), or seconds or milliseconds since 1970; in UTC. None for nonsense."""
    try:
        if isinstance(told, int | float):
            return datetime.fromtimestamp(told / 1000 if told > MILLISECONDS else told, UTC)
        moment = datetime.fromisoformat(told or "")
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
