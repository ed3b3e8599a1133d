"""What Postgres knows about operators and their sessions."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.console.model import Operator, Role
from concierge.postgres.query import Conn, query


class Login(Struct, frozen=True):
    """What signing in is decided by."""

    id: UUID
    tenant_id: UUID
    password_hash: str


class Colleague(Struct, frozen=True):
    """An operator as an admin sees them."""

    id: UUID
    login: str
    name: str
    role: Role
    locked_until: datetime | None
    disabled_at: datetime | None
    created_at: datetime
    seen_at: datetime | None


@query("""
    insert into operator (tenant_id, login, name, role, platform, password_hash, created_at)
    values (%(tenant_id)s, lower(%(login)s), %(name)s, %(role)s, %(platform)s, %(password_hash)s, %(now)s)
    on conflict (login) do nothing
    returning id
""")
async def add(
    conn: Conn,
    *,
    tenant_id: UUID,
    login: str,
    name: str,
    role: str,
    platform: bool,
    password_hash: str,
    now: datetime,
) -> UUID | None:
    """A new operator; None where the login is taken, by whomever."""


@query("""
    update operator set password_hash = %(password_hash)s, disabled_at = null
    where login = lower(%(login)s) and tenant_id = %(tenant_id)s
    returning id
""")
async def set_password(conn: Conn, *, tenant_id: UUID, login: str, password_hash: str) -> UUID | None:
    """Give an operator another password, and the way in."""


@query("""
    select id, tenant_id, password_hash from operator
    where login = lower(%(login)s) and disabled_at is null
""")
async def find_login(conn: Conn, *, login: str) -> Login | None:
    """Who wants to sign in. Across tenants: the login says whose it is."""


@query("""
    select locked_until from login_try
    where login_hash = sha256(convert_to(lower(%(login)s), 'UTF8')) and locked_until > %(now)s
""")
async def locked_until(conn: Conn, *, login: str, now: datetime) -> datetime | None:
    """Until when nobody gets in by it, if so. A login that nobody has is as good as any: see login_try."""


@query("""
    insert into login_try as t (login_hash, failures, tried_at)
    values (sha256(convert_to(lower(%(login)s), 'UTF8')), 1, %(now)s)
    on conflict (login_hash) do update
        set failures = t.failures + 1, tried_at = excluded.tried_at,
            locked_until = case when (t.failures + 1) %% %(patience)s = 0 then %(until)s else t.locked_until end
""")
async def count_failure(conn: Conn, *, login: str, patience: int, until: datetime, now: datetime) -> None:
    """A wrong password; every `patience`-th one locks the login."""


@query("delete from login_try where login_hash = sha256(convert_to(lower(%(login)s), 'UTF8'))")
async def forget_failures(conn: Conn, *, login: str) -> None:
    """A right password, or another one."""


@query("delete from login_try where tried_at < %(before)s")
async def forget_tries(conn: Conn, *, before: datetime) -> None:
    """What was tried so long ago that it is no guessing any more."""


@query("""
    insert into console_session (token_hash, tenant_id, operator_id, csrf, created_at, seen_at, expires_at)
    values (%(token_hash)s, %(tenant_id)s, %(operator_id)s, %(csrf)s, %(now)s, %(now)s, %(expires_at)s)
""")
async def open_session(
    conn: Conn,
    *,
    token_hash: bytes,
    tenant_id: UUID,
    operator_id: UUID,
    csrf: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """A browser is signed in."""


@query("""
    select o.id, o.tenant_id, t.name as tenant, t.zone, t.language, o.login, o.name, o.role, o.platform,
           s.csrf, s.seen_at
    from console_session s
    join operator o on o.id = s.operator_id and o.disabled_at is null
    join tenant t on t.id = s.tenant_id
    where s.token_hash = %(token_hash)s and s.expires_at > %(now)s and s.seen_at > %(idle_since)s
""")
async def find_session(conn: Conn, *, token_hash: bytes, now: datetime, idle_since: datetime) -> Operator | None:
    """Who is signed in with it. Across tenants: the session says whose it is."""


@query("update console_session set seen_at = %(now)s where token_hash = %(token_hash)s")
async def touch_session(conn: Conn, *, token_hash: bytes, now: datetime) -> None:
    """It is still in use. The token alone says whose."""


@query("delete from console_session where token_hash = %(token_hash)s")
async def close_session(conn: Conn, *, token_hash: bytes) -> None:
    """Signed out."""


@query("delete from console_session where operator_id = %(id)s and tenant_id = %(tenant_id)s")
async def close_sessions(conn: Conn, id: UUID, *, tenant_id: UUID) -> None:
    """Signed out everywhere."""


@query("delete from console_session where expires_at < %(now)s or seen_at < %(idle_since)s")
async def forget_sessions(conn: Conn, *, now: datetime, idle_since: datetime) -> None:
    """Drop what has expired. Across tenants."""


@query("""
    select o.id, o.login, o.name, o.role, o.disabled_at, o.created_at,
           (select t.locked_until from login_try t
            where t.login_hash = sha256(convert_to(o.login, 'UTF8'))) as locked_until,
           (select max(s.seen_at) from console_session s where s.operator_id = o.id) as seen_at
    from operator o where o.tenant_id = %(tenant_id)s order by o.login limit 500
""")
async def colleagues(conn: Conn, *, tenant_id: UUID) -> list[Colleague]:
    """Everybody who may sign in, and who may no more."""


@query("""
    update operator set role = %(role)s, disabled_at = case when %(disabled)s then coalesce(disabled_at, %(now)s) end
    where id = %(id)s and tenant_id = %(tenant_id)s
    returning login
""")
async def change(conn: Conn, id: UUID, *, tenant_id: UUID, role: str, disabled: bool, now: datetime) -> str | None:
    """Another role, shut out or let in again: the login; None where there is no such operator."""
