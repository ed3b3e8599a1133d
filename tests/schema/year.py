"""A year in which much has happened: its end, and the ids of what a_busy_year.sql made."""

from datetime import UTC, datetime
from hashlib import md5
from uuid import UUID

NOW = datetime(2027, 3, 3, 12, tzinfo=UTC)


def made(kind: str, n: int) -> UUID:
    return UUID(md5(f"{kind}{n}".encode()).hexdigest())
