"""The console is closed by default: it takes a login, a role, a form of one's own, and shows one's own tenant."""

import re
import subprocess
import sys

import httpx
import psycopg
import pytest
from argon2 import Type, extract_parameters
from litestar.handlers import HTTPRouteHandler

from concierge.console import hiring, passwords
from concierge.console.operators import add_operator, set_password
from concierge.console.sessions import IDLE, LOCKED, PATIENCE
from concierge.errors import Conflicting, Invalid
from tests.apps import routes
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

PASSWORD = "correct horse battery"
OPEN = {"/console/login", "/console/static/{name:str}"}


async def hire(world: World, role: str, tenant: str | None = None) -> None:
    id = tenant or await world.one("select id from tenant order by created_at limit 1")
    async with world.runtime.begin() as conn:
        await add_operator(conn, tenant_id=id, login=role, name=role, role=role, password=PASSWORD, now=world.clock())


async def sign_in(world: World, login: str, password: str = PASSWORD, next: str = "/console") -> httpx.Response:
    form = {"login": login, "password": password, "next": next}
    return await world.client.post("/console/login", data=form)


async def csrf(world: World, path: str = "/console/outbox") -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', (await world.client.get(path)).text)
    assert found is not None
    return found[1]


async def test_every_page_asks_who_it_is(world: World) -> None:
    asked = 0
    for route in routes():
        if not route.path.startswith("/console") or route.path in OPEN:
            continue
        path = re.sub(r"\{\w+:uuid\}", "01900000-0000-7000-8000-000000000000", route.path)
        path = re.sub(r"\{\w+:\w+\}", "1", path)
        for handler in route.route_handlers:  # type: ignore[union-attr]
            assert isinstance(handler, HTTPRouteHandler)
            for method in handler.http_methods - {"OPTIONS"}:
                answer = await world.client.request(method, path)
                assert answer.status_code == 303, (method, path)
                assert answer.headers["location"].startswith("/console/login?next=")
                asked += 1
    assert asked >= 4


async def test_a_session_begins_ends_and_expires(world: World) -> None:
    await hire(world, "admin")
    for elsewhere in ("https://elsewhere.example", "//elsewhere.example", "/console/\r\nset-cookie: a=b", "/console/☃"):
        answer = await sign_in(world, "ADMIN ", next=elsewhere)
        assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    token = re.search("concierge_console=([^;]+)", cookie)
    assert token is not None
    assert not await world.rows(
        "select 1 from console_session where token_hash::text like %(token)s", token=f"%{token[1]}%"
    )
    assert (await world.client.get("/console")).status_code == 200
    world.clock.advance(seconds=IDLE.total_seconds() + 1)
    assert (await world.client.get("/console")).status_code == 303
    await sign_in(world, "admin")
    assert (await world.client.post("/console/logout", data={"csrf": await csrf(world)})).status_code == 303
    assert await world.rows("select 1 from console_session") == []


async def test_what_goes_wrong_is_a_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await hire(world, "viewer")
    await sign_in(world, "viewer")

    async def looks(path: str) -> tuple[int, str]:
        answer = await world.client.get(path)
        assert answer.headers["content-type"].startswith("text/html")
        return answer.status_code, answer.text

    for path in ("/console/nothing/here", "/console/jobs/x", "/console/contacts/01900000-0000-7000-8000-000000000000"):
        assert (await looks(path))[0] == 404
    assert (await looks("/console/outbox?cursor=x"))[0] in {400, 422}

    async def away(*_: object) -> None:
        raise psycopg.OperationalError

    monkeypatch.setattr("concierge.console.sessions.find", away)
    status, text = await looks("/console/outbox")
    assert (status, "The database does not answer." in text) == (503, True)


def test_a_stolen_hash_is_dear_to_guess() -> None:
    """In a process of its own: the tests hash cheaply (tests/fixtures.py)."""
    look = "from concierge.console.passwords import _nobodys; print(_nobodys())"
    hash = subprocess.check_output([sys.executable, "-c", look], text=True)
    costs = extract_parameters(hash.strip())
    assert costs.type is Type.ID
    assert (costs.memory_cost, costs.time_cost, costs.parallelism) == (64 * 1024, 3, 4), "RFC 9106, low memory"


async def test_guessing_is_slow_and_tells_nobody_who_works_here(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A login that nobody has, and one that is shut out, are answered and locked like one that somebody has."""
    monkeypatch.setattr("concierge.console.login._limit", lambda _: None)  # that of the address, tested below
    await hire(world, "admin")
    await hire(world, "viewer")
    await world.execute("update operator set disabled_at = now() where login = 'viewer'")
    told = []
    for login in ("admin", "viewer", "nobody"):
        answers = [await sign_in(world, login if n % 2 else f" {login.upper()} ", "guess") for n in range(PATIENCE + 1)]
        told.append([(each.status_code, re.sub('value="[^"]*"', "", each.text)) for each in answers])
    assert [status for status, _ in told[0]] == [401] * PATIENCE + [429]
    assert told[0] == told[1] == told[2]
    assert b"admin" not in b"".join([hash for (hash,) in await world.rows("select login_hash from login_try")])
    world.clock.advance(seconds=LOCKED.total_seconds() + 1)
    assert (await sign_in(world, "admin")).status_code == 303
    assert await world.one("select count(*) from login_try") == 2, "a right password is forgiven"
    world.clock.advance(seconds=IDLE.total_seconds() + 1)
    assert (await sign_in(world, "a\0b", "guess")).status_code == 401
    assert (await sign_in(world, "admin")).status_code == 303
    assert await world.one("select count(*) from login_try") == 1, "and what is old is forgotten"


async def test_another_password_ends_the_sessions_of_the_old_one(world: World) -> None:
    await hire(world, "admin")
    await sign_in(world, "admin")
    tenant = await world.one("select id from tenant")
    async with world.runtime.begin() as conn:
        await set_password(conn, tenant_id=tenant, login="admin", password="another long one")
    assert (await world.client.get("/console")).status_code == 303
    assert (await sign_in(world, "admin")).status_code == 401


async def test_weak_passwords_and_taken_logins(world: World) -> None:
    await hire(world, "admin")
    tenant = await world.one("select id from tenant")
    async with world.runtime.begin() as conn:
        with pytest.raises(Invalid):
            await set_password(conn, tenant_id=tenant, login="admin", password="short")
    with pytest.raises(Conflicting):
        await hire(world, "admin")


async def test_forms_of_other_sites_and_of_viewers_change_nothing(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    await world.execute("update outbound_message set status = 'failed'")
    id = await world.one("select id from outbound_message")
    await hire(world, "viewer")
    await sign_in(world, "viewer")
    assert (await world.client.get(f"/console/outbox/{id}")).status_code == 200
    forged = await world.client.post(f"/console/outbox/{id}/retry", data={"csrf": "x"})
    assert forged.status_code == 401
    refused = await world.client.post(f"/console/outbox/{id}/retry", data={"csrf": await csrf(world)})
    assert refused.status_code == 403
    assert "needs the role operator" in refused.text
    assert await world.rows("select 1 from audit_entry") == []
    assert await world.one("select status from outbound_message") == "failed"


async def test_another_tenants_things_are_not_there(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    id = await world.one("select id from outbound_message")
    other = await world.one("insert into tenant (name) values ('Other') returning id")
    await hire(world, "admin", other)
    await sign_in(world, "admin")
    assert (await world.client.get(f"/console/outbox/{id}")).status_code == 404
    assert "confirmation" not in (await world.client.get("/console/outbox")).text
    answer = await world.client.post(f"/console/outbox/{id}/retry", data={"csrf": await csrf(world)})
    assert answer.status_code == 404


async def test_people_of_another_tenant_and_their_files_are_not_there(world: World) -> None:
    await world.email("Hello")
    await world.execute("""
        insert into media (tenant_id, inbound_message_id, n, kind, locator, status, mime_type, size, location, due_at,
                           wake_at, created_at, moved_at)
        select tenant_id, id, 1, 'image', 'x', 'stored', 'image/svg+xml', 5, 'a/drawing', now(), now(), now(), now()
        from inbound_message""")
    await world.runtime.storage().put("a/drawing", b"<svg>")
    ((talk, contact, file),) = await world.rows("select c.id, c.contact_id, m.id from conversation c, media m")
    await world.execute("update contact set name = 'Alice'")
    other = await world.one("insert into tenant (name) values ('Other') returning id")
    await hire(world, "admin", other)
    await sign_in(world, "admin")
    for path in (f"inbox/{talk}", f"contacts/{contact}", f"contacts/{contact}/merge?other={contact}", f"media/{file}"):
        assert (await world.client.get(f"/console/{path}")).status_code == 404, path
    for path in ("inbox", "contacts?find=alice", "contacts?find=alice@example.com", "leads", "summaries", "credits"):
        page = await world.client.get(f"/console/{path}")
        assert (page.status_code, "Alice" in page.text) == (200, False), path
    token = await csrf(world)
    for path in (
        *(f"inbox/{talk}/{each}" for each in ("reply", "take-over", "give-back", "close", "retry")),
        *(f"contacts/{contact}{each}" for each in ("", "/suppressions", "/export", "/erase", "/summary")),
    ):
        form = {"csrf": token, "text": "x", "name": "Alice"}
        assert (await world.client.post(f"/console/{path}", data=form)).status_code == 404, path
    assert (await world.client.post("/console/credits/grant", data={"csrf": token})).status_code == 403
    assert await world.rows("select 1 from audit_entry") == []

    await hire(world, "viewer")
    await sign_in(world, "viewer")
    answer = await world.client.get(f"/console/media/{file}")
    assert (answer.content, answer.headers["content-disposition"][:10]) == (b"<svg>", "attachment")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    page = await world.client.get(f"/console/inbox/{talk}")
    assert "<img" not in page.text
    assert f"/console/inbox/{talk}/reply" not in page.text
    form = {"csrf": await csrf(world), "text": "x"}
    assert (await world.client.post(f"/console/inbox/{talk}/reply", data=form)).status_code == 403


async def test_pages_may_do_little(world: World) -> None:
    policy = (await world.client.get("/console/login")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_the_command_line_lets_people_in(world: World) -> None:
    facts = {"name": None, "role": "operator", "tenant_id": None, "platform": False}
    wanted = hiring.Hired(verb="add", login="vera", **facts)
    assert await hiring.hire(world.runtime, wanted, PASSWORD) == ["vera may sign in"]
    assert (await sign_in(world, "vera")).status_code == 303
    await hiring.hire(world.runtime, hiring.Hired(verb="password", login="vera", **facts), "another long one")
    assert (await sign_in(world, "vera")).status_code == 401
    assert (await sign_in(world, "vera", "another long one")).status_code == 303
    assert await hiring.hire(world.runtime, hiring.Hired(verb="list", login=None, **facts), None) == ["vera  operator"]
    with pytest.raises(Invalid):
        await hiring.hire(world.runtime, hiring.Hired(verb="add", login="max", **facts), "short")
    assert await world.rows("select actor, action from audit_entry order by created_at") == [
        ("command line", "add"),
        ("command line", "password"),
    ]


async def test_nobody_tries_passwords_all_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try takes a core for 50 ms, in the process that takes everybody's webhooks; the login need not exist."""

    async def quickly(_password: str, _hash: str | None) -> bool:
        return False

    monkeypatch.setattr(passwords, "fits", quickly)
    tried = [(await sign_in(world, f"nobody-{n}", "wrong")).status_code for n in range(25)]
    assert set(tried[:20]) == {401}
    assert tried[-1] == 429
