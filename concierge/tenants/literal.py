"""`/users/{user_id}`: a tenant, by our id or by what its own systems call it."""

from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import FromPath

from concierge.api.caller import Caller
from concierge.errors import Missing
from concierge.runtime import Runtime
from concierge.tenants import business_store


async def provide_user(
    user_id: FromPath[str], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> UUID:
    """The tenant of the path. Raises Missing where there is none, or the caller may not know of it."""
    async with runtime.connection() as conn:
        user = None if "\0" in user_id else await business_store.named(conn, name=user_id)
    if user is None or not caller.may_see(user):
        raise Missing("there is no such user")
    return user
