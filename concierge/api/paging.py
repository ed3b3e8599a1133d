"""Lists in pages: newest first, by (created_at, id), so that nothing is shown twice or left out while rows come in."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar, cast
from uuid import UUID

import msgspec
from litestar.params import QueryParameter
from msgspec import Struct

from concierge.errors import Invalid

T = TypeVar("T")
Place = tuple[datetime, UUID]

BEGINNING: Place = datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1)
MOST = 100
LATEST = 2**62  # beyond every number


class Page(Struct, Generic[T], frozen=True):
    """Some of a list. `next_cursor` is the `cursor` of the page after it, null at the end."""

    data: list[T]
    next_cursor: str | None
    has_more: bool


class Paging(Struct, frozen=True):
    """What page is asked for: at most `limit` rows that come after `place`."""

    limit: int
    place: Place

    def asked(self) -> dict[str, Any]:
        """Parameters for `where (created_at, id) < (%(before)s, %(before_id)s) … limit %(limit)s`; one row more is
        asked for than is shown, which tells whether there are more."""
        return {"before": self.place[0], "before_id": self.place[1], "limit": self.limit + 1}

    def page(self, rows: Sequence[T], place: Callable[[T], Place] | None = None) -> Page[T]:
        """The page that these rows make. `place`: where a row stands, if not at its (created_at, id)."""
        shown = list(rows[: self.limit])
        more = len(rows) > self.limit
        return Page(shown, _cursor((place or _own)(shown[-1])) if more else None, more)

    def walked(self, rows: Sequence[T], end: Place | None, place: Callable[[T], Place] | None = None) -> Page[T]:
        """The page of a walk that looks at so many rows. `end`: the last one, None where it came to the end; a
        page that is not full goes on there."""
        full = len(rows) > self.limit
        return self.page(rows, place) if full or end is None else Page(list(rows), _cursor(end), has_more=True)


async def provide_paging(
    limit: Annotated[int, QueryParameter(ge=1, le=MOST, description="Rows of a page")] = 50,
    cursor: Annotated[
        str | None, QueryParameter(max_length=200, description="`next_cursor` of the page before")
    ] = None,
) -> Paging:
    """Reads `?limit=&cursor=`. Raises Invalid."""
    return Paging(limit, BEGINNING if cursor is None else _place(cursor))


class Counting(Struct, frozen=True):
    """As `Paging`, of rows that have numbers for ids: at most `limit` of them, numbered lower than `before`."""

    limit: int
    before: int

    def page(self, rows: Sequence[T]) -> Page[T]:
        """The page that these rows make; one more was asked for than is shown."""
        more = len(rows) > self.limit
        shown = list(rows[: self.limit])
        return Page(shown, str(cast("Any", shown[-1]).id) if more else None, more)


async def provide_counting(
    limit: Annotated[int, QueryParameter(ge=1, le=MOST, description="Rows of a page")] = 50,
    cursor: Annotated[str | None, QueryParameter(max_length=20, description="`next_cursor` of the page before")] = None,
) -> Counting:
    """Reads `?limit=&cursor=`. Raises Invalid."""
    if cursor is not None and not (cursor.isascii() and cursor.isdecimal() and 0 < int(cursor) <= LATEST):
        raise Invalid([("/cursor", "is not a cursor of ours")])
    return Counting(limit, LATEST if cursor is None else int(cursor))


def _own(row: Any) -> Place:
    return row.created_at, row.id


def _cursor(place: Place) -> str:
    return urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _place(cursor: str) -> Place:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        moment, id = msgspec.json.decode(urlsafe_b64decode(padded), type=Place)
    except (ValueError, msgspec.DecodeError):
        raise Invalid([("/cursor", "is not a cursor of ours")]) from None
    if moment.tzinfo is None or moment.year < 1000:
        raise Invalid([("/cursor", "is not a cursor of ours")])
    return moment, id
