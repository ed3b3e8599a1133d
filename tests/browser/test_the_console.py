"""Operators work in the console: each page's main action, tried by hand in a browser."""

import re

from playwright.async_api import Page, expect

from concierge.errors import Refused
from concierge.worker.app import TICKS
from concierge.worker.ticking import declare
from tests.browser.barriers import barriers
from tests.browser.entering import PASSWORD, add_somebody, behind, enter
from tests.browser.stage import Stage


async def test_a_failed_message_is_found_and_tried_again(stage: Stage, page: Page) -> None:
    stage.world.outside.outcomes = [Refused("no such mailbox")]
    await stage.world.email("Remind me tomorrow at 9am to call Bob")
    await stage.world.work()
    await add_somebody(stage, "admin")
    await page.goto(f"{stage.url}/console/outbox")
    await expect(page).to_have_url(re.compile("/console/login"))
    await page.get_by_label("Login").fill("admin")
    await page.get_by_label("Password").fill("wrong password")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("do not go together")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Outbox")).to_be_visible()
    assert await barriers(page) == []
    assert "None of these." in await behind(page, "queued")
    await page.get_by_role("link", name="confirmation").click()
    await expect(page.get_by_role("heading", name="Confirmation")).to_contain_text("failed")
    assert await barriers(page) == []
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("status")).to_have_text("It will be tried again.")
    await stage.world.work()
    assert await stage.world.rows("select status from outbound_message") == [("sent",)]
    assert await stage.world.rows("select actor, action from audit_entry") == [("operator:admin", "retry")]
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert "/console/login" in (await page.request.get(f"{stage.url}/console")).url


async def test_the_machine_is_looked_at(stage: Stage, page: Page) -> None:
    await stage.world.email("Remind me tomorrow at 9am to call Bob")
    await stage.world.work()
    await stage.world.execute("update procrastinate_jobs set status = 'failed' where task_name = 'inbox.handle'")
    await declare(stage.world.runtime, TICKS)
    await enter(stage, page, "/jobs", platform=True)
    tick = page.get_by_role("row", name="retention.redact")
    await expect(tick).to_contain_text("60 min")  # at 17 past each hour
    await expect(tick.get_by_role("time")).to_have_text(re.compile(":17$"))
    await tick.get_by_role("button", name="Run").click()
    await expect(page.get_by_role("status")).to_have_text("It comes within seconds.")
    await page.get_by_role("link", name="failed", exact=True).click()
    assert await barriers(page) == []
    await page.get_by_role("link", name="inbox.handle").click()
    await page.get_by_role("button", name="Run again").click()
    await expect(page.get_by_role("status")).to_have_text("It will be tried again.")
    assert '<a href="/console/sql/timeline">' in await behind(page, "SQL")
    id = await stage.world.one("select id from conversation")
    await page.goto(f"{stage.url}/console/sql/timeline?conversation={id}")
    await expect(page.get_by_role("table")).to_contain_text("call Bob")
    assert await barriers(page) == []
    await page.get_by_label("conversation").fill("not an id")
    await page.get_by_role("button", name="Ask").click()
    await expect(page.get_by_role("alert")).to_be_visible()


async def test_a_notification_is_done_with(stage: Stage, page: Page) -> None:
    stage.world.outside.outcomes = [Refused("no such mailbox")]
    await stage.world.email("Remind me tomorrow at 9am to call Bob")
    await stage.world.work()
    await enter(stage, page, "/notifications", "operator")
    await expect(page.get_by_role("link", name="Queues and jobs")).to_have_count(0)
    assert await barriers(page) == []
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_text("Nothing to look at.")).to_be_visible()
    id = await stage.world.one("select id from outbound_message")
    assert f'<a href="/console/outbox/{id}">' in await behind(page, "acknowledged")
