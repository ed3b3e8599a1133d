"""Lists that stay quick at any size: a page by (created_at, id), and counts that stop at ten thousand."""

from typing import Annotated, Any

from litestar.params import QueryParameter

from concierge.api.paging import Paging, provide_paging

ROWS = 50


async def provide_listing(
    cursor: Annotated[str | None, QueryParameter(max_length=200)] = None,
) -> Paging:
    """Which page of a list is shown. Raises Invalid for a cursor that is not ours."""
    return await provide_paging(ROWS, cursor)


def chosen(value: str | None, allowed: Any) -> str | None:
    """A filter's value, if it is one of the words there are; else none, as for a link that has grown old."""
    return value if value in allowed else None
