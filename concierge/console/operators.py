"""Who may sign in: added by an admin, by the command line, or by `make run` for a first look."""

from datetime import datetime
from uuid import UUID

from concierge.console import passwords
from concierge.console.store import operators as store
from concierge.errors import Conflicting, Missing
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.tenants.store import first_tenant


async def add_operator(
    conn: Conn,
    *,
    tenant_id: UUID,
    login: str,
    name: str,
    role: str,
    password: str,
    now: datetime,
    platform: bool = False,
) -> UUID:
    """A new operator. Raises Invalid for a weak password, Conflicting for a login that is taken."""
    hash = await passwords.kept(password)
    id = await store.add(
        conn,
        tenant_id=tenant_id,
        login=login.strip(),
        name=name.strip(),
        role=role,
        platform=platform,
        password_hash=hash,
        now=now,
    )
    if id is None:
        raise Conflicting("this login is taken")
    return id


async def set_password(conn: Conn, *, tenant_id: UUID, login: str, password: str) -> None:
    """Another password; every browser that was signed in with the old one is out. Raises Invalid, Missing."""
    hash = await passwords.kept(password)
    id = await store.set_password(conn, tenant_id=tenant_id, login=login, password_hash=hash)
    if id is None:
        raise Missing("there is no such operator")
    await store.forget_failures(conn, login=login)
    await store.close_sessions(conn, id, tenant_id=tenant_id)


async def ensure_first(runtime: Runtime) -> None:
    """The admin that the environment names, of the first tenant, with the password it says."""
    login, secret = runtime.settings.console_login, runtime.settings.console_password
    if secret is None:
        return
    async with runtime.connection() as conn:
        known = await store.find_login(conn, login=login)
        tenant = await first_tenant(conn)
    if tenant is None or (known and await passwords.fits(secret.reveal(), known.password_hash)):
        return
    async with runtime.begin() as conn:
        if known is not None:
            await set_password(conn, tenant_id=known.tenant_id, login=login, password=secret.reveal())
        else:
            await add_operator(
                conn,
                tenant_id=tenant.id,
                login=login,
                name="Admin",
                role="admin",
                platform=True,
                password=secret.reveal(),
                now=runtime.clock(),
            )
