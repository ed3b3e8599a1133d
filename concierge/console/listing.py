"""Lists that stay quick at any size: a page by (created_at, id), and counts that stop at ten thousand."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from litestar.params import QueryParameter
from msgspec import Struct

from concierge.api.paging import Page, Paging, Place, provide_paging

T = TypeVar("T")
ROWS = 50
LOOKED = 10_000  # rows that a filtered page looks at; then it offers to look further back


class Looked(Struct, frozen=True):
    """The last row that a walk looked at."""

    created_at: datetime
    id: UUID

    @property
    def place(self) -> Place:
        """Where the next walk begins."""
        return self.created_at, self.id


async def provide_listing(
    cursor: Annotated[str | None, QueryParameter(max_length=200)] = None,
) -> Paging:
    """Which page of a list is shown. Raises Invalid for a cursor that is not ours."""
    return await provide_paging(ROWS, cursor)


def chosen(value: str | None, allowed: Any) -> str | None:
    """A filter's value, if it is one of the words there are; else none, as for a link that has grown old."""
    return value if value in allowed else None


async def walk(
    listing: Paging,
    some: Callable[..., Awaitable[list[T]]],
    end: Callable[..., Awaitable[Looked | None]],
    *,
    filtered: bool,
) -> Page[T]:
    """A page of `some(before, before_id, limit, looked)`; where it filters and was not full, it goes on at `end`."""
    asked = listing.asked()
    rows = await some(**asked, looked=LOOKED if filtered else asked["limit"])
    if not filtered or len(rows) > listing.limit:
        return listing.page(rows)
    last = await end(before=asked["before"], before_id=asked["before_id"], looked=LOOKED)
    return listing.walked(rows, last.place if last else None)
