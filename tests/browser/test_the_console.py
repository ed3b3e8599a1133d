"""Operators work in the console: each page's main action, tried by hand in a browser."""

import re

from playwright.async_api import Page, expect

from concierge.console.operators import add_operator
from concierge.errors import Refused
from tests.browser.stage import Stage, barriers

PASSWORD = "correct horse battery"


async def enter(stage: Stage, page: Page, role: str = "admin") -> None:
    """Sign in as somebody with this role."""
    runtime = stage.world.runtime
    tenant = await stage.world.one("select id from tenant limit 1")
    async with runtime.begin() as conn:
        await add_operator(
            conn, tenant_id=tenant, login=role, name=role.title(), role=role, password=PASSWORD, now=runtime.clock()
        )
    await page.goto(f"{stage.url}/console/outbox")
    await expect(page).to_have_url(re.compile("/console/login"))
    await page.get_by_label("Login").fill(role)
    await page.get_by_label("Password").fill("wrong password")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("do not go together")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Outbox")).to_be_visible()


async def test_a_failed_message_is_found_and_tried_again(stage: Stage, page: Page) -> None:
    stage.world.outside.outcomes = [Refused("no such mailbox")]
    await stage.world.email("Remind me tomorrow at 9am to call Bob")
    await stage.world.work()
    await enter(stage, page)
    assert await barriers(page) == []
    await page.get_by_role("link", name="failed").click()
    await page.get_by_role("link", name="confirmation").click()
    await expect(page.get_by_role("heading", name="Confirmation")).to_contain_text("failed")
    assert await barriers(page) == []
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("status")).to_have_text("It will be tried again.")
    await stage.world.work()
    assert await stage.world.rows("select status from outbound_message") == [("sent",)]
    assert await stage.world.rows("select actor, action from audit_entry") == [("operator:admin", "retry")]
    await page.get_by_role("button", name="Sign out").click()
    await page.goto(f"{stage.url}/console")
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
