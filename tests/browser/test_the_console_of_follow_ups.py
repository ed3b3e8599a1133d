"""Follow-ups are found by when they are due, understood from their evidence, and moved."""

import re

from playwright.async_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.entering import behind, enter
from tests.browser.stage import Stage


async def test_a_follow_up_is_understood_and_moved(stage: Stage, page: Page) -> None:
    await stage.world.email("Please remind me tomorrow at 9am to call Bob")
    await stage.world.work()
    await enter(stage, page, "/follow-ups", "operator")
    assert await barriers(page) == []
    assert "Nothing is overdue." in await behind(page, "overdue")
    assert "Call Bob" in await behind(page, "pending")
    await page.get_by_role("link", name="Call Bob").click()
    await expect(page.locator("mark")).to_have_text("tomorrow at 9am")
    await page.get_by_label("What", exact=True).fill("Call Alice")
    await page.get_by_label("When, on the clock there").fill("2099-05-04T16:30")
    await page.get_by_label("Time zone").fill("Asia/Tokyo")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("more than ten years")).to_be_visible()
    year = stage.world.clock().year + 2
    await page.get_by_label("When, on the clock there").fill(f"{year}-05-04T16:30")  # what else was typed stays
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Call Alice")).to_be_visible()
    assert await stage.world.rows(
        "select wall::text, zone, to_char(due_at at time zone 'UTC', 'HH24:MI') from task"
    ) == [(f"{year}-05-04 16:30:00", "Asia/Tokyo", "07:30")]
    await page.get_by_text("Snooze", exact=True).click()
    await page.get_by_role("button", name="Until Monday morning").click()
    await expect(page.get_by_role("heading", name="Call Alice")).to_contain_text("snoozed")
    assert await stage.world.one("select extract(isodow from due_at at time zone zone) from task") == 1
    await page.get_by_text("Snooze", exact=True).click()
    assert await barriers(page) == []
    await page.get_by_label("Or until").fill(f"{year}-05-04T17:45")
    await page.get_by_role("button", name="Snooze until then").click()
    await expect(page.get_by_text(f"4 May {year} 17:45").first).to_be_visible()
    assert await stage.world.one("select to_char(due_at at time zone 'Asia/Tokyo', 'HH24:MI') from task") == "17:45"
    await page.get_by_role("button", name="Complete").click()
    await expect(page.get_by_role("heading", name="Call Alice")).to_contain_text("done")
    done = await stage.world.rows("select actor, action from audit_entry order by created_at")
    assert done == [("operator:operator", each) for each in ("change", "snooze", "snooze", "complete")]


async def test_a_draft_is_rewritten_and_approved(stage: Stage, page: Page) -> None:
    world = stage.world
    await world.email("Please draft a note to Bob about the invoice tomorrow at 9am")
    await world.work()
    await world.execute("update task set due_at = now() - interval '1 minute'")
    await world.pass_time(seconds=1)
    await enter(stage, page, f"/follow-ups/{await world.one('select id from task')}")
    await page.get_by_label("Text").fill("Dear Bob, the invoice is late.")
    await page.get_by_role("button", name="Save your words").click()
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    assert await barriers(page) == []
    await page.get_by_role("button", name="Approve").click()
    await expect(page.get_by_role("heading", name=re.compile("^Draft 2"))).to_contain_text("sent")
    await world.work()
    assert world.outside.texts[-1] == "Dear Bob, the invoice is late."
