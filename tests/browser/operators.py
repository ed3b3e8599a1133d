"""Somebody who is signed in already: signing in by hand is tried once, in test_the_console.py."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from playwright.async_api import Page

from concierge.console.sessions import COOKIE
from concierge.console.store import operators as store
from tests.browser.stage import Stage


async def sign_in_as(stage: Stage, page: Page, role: str = "operator", *, platform: bool = False) -> None:
    """The browser has a session of somebody with this role, of the first tenant; their name is Olga."""
    now, token = stage.world.clock(), token_urlsafe(16)
    tenant = await stage.world.one("select id from tenant order by created_at limit 1")
    async with stage.world.runtime.begin() as conn:
        id = await store.add(
            conn,
            tenant_id=tenant,
            login=f"olga.{role}",
            name="Olga",
            role=role,
            platform=platform,
            password_hash="none",
            now=now,
        )
        assert id is not None
        await store.open_session(
            conn,
            token_hash=sha256(token.encode()).digest(),
            tenant_id=tenant,
            operator_id=id,
            csrf="ours",
            now=now,
            expires_at=now + timedelta(hours=1),
        )
    await page.context.add_cookies([{"name": COOKIE, "value": token, "url": stage.url}])
