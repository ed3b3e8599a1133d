"""`concierge operators`: who may sign in, on the command line, where no page can be reached yet."""

import sys
from getpass import getpass
from uuid import UUID

from msgspec import Struct

from concierge import audit_log
from concierge.console.model import Role
from concierge.console.operators import add_operator, set_password
from concierge.console.store import operators as store
from concierge.errors import ConciergeError
from concierge.runtime import Runtime
from concierge.tenants.store import first_tenant


class Hired(Struct, frozen=True, kw_only=True):
    """What was asked for."""

    verb: str  # list, add, password
    login: str | None
    name: str | None
    role: Role
    tenant_id: UUID | None  # None: the first one
    platform: bool


async def hire(runtime: Runtime, wanted: Hired, password: str | None) -> list[str]:
    """Do it; lines to print. Raises ConciergeError with what is wrong."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        first = None if wanted.tenant_id else await first_tenant(conn)
        tenant_id = wanted.tenant_id or (first.id if first else None)
        if tenant_id is None:
            raise ConciergeError("there is no tenant yet; `concierge seed` makes the first one")
        if wanted.verb == "list" or wanted.login is None or password is None:
            rows = await store.colleagues(conn, tenant_id=tenant_id)
            return [f"{each.login}  {each.role}{'  disabled' if each.disabled_at else ''}" for each in rows]
        if wanted.verb == "add":
            await add_operator(
                conn,
                tenant_id=tenant_id,
                login=wanted.login,
                name=wanted.name or wanted.login,
                role=wanted.role,
                password=password,
                now=now,
                platform=wanted.platform,
            )
        else:
            await set_password(conn, tenant_id=tenant_id, login=wanted.login, password=password)
        await audit_log.record(
            conn,
            tenant_id=tenant_id,
            actor="command line",
            actor_id=None,
            action=wanted.verb,
            subject="operator",
            subject_id=None,
            detail=wanted.login,
            correlation_id=None,
            now=now,
        )
    return [f"{wanted.login} may sign in"]


def asked_for(login: str | None) -> str:
    """A password for the login: typed twice and not shown, or a line of standard input. Raises ConciergeError."""
    if login is None:
        raise ConciergeError("whose login is it? `concierge operators add LOGIN`")
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed = getpass("Password: ")
    if getpass("Again: ") != typed:
        raise ConciergeError("the two are not the same")
    return typed
