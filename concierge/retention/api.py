"""For how long bodies are kept."""

from typing import Annotated

from litestar import get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct

from concierge.api.caller import Caller
from concierge.api.scopes import needs
from concierge.retention.policies import Retention, change, most, show
from concierge.retention.redacting import KINDS
from concierge.runtime import Runtime

Kind = Annotated[str, Meta(max_length=60)]


class ChangedRetention(Struct, frozen=True):
    """Days for the kinds that are named; null: as long as the machine keeps it."""

    days: dict[Kind, int | None]


@get("/retention", opt=needs("admin:*"))
async def show_retention(caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> Retention:
    """For how many days each kind of body is kept, and the most the machine allows."""
    async with runtime.connection() as conn:
        return await show(conn, caller.tenant_id, most(KINDS, runtime.settings))


@patch("/retention", opt=needs("admin:*"))
async def change_retention(
    data: JSONBody[ChangedRetention], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Retention:
    """Keep some kinds for less long. What is too old then goes within the hour."""
    limits = most(KINDS, runtime.settings)
    async with runtime.begin() as conn:
        await change(conn, caller.tenant_id, data.days, limits, now=runtime.clock())
        return await show(conn, caller.tenant_id, limits)


HANDLERS = (show_retention, change_retention)
