"""The overview tells what comes and goes, and goes on telling it."""

from playwright.async_api import Page, expect

from concierge.errors import Refused
from tests.browser.barriers import barriers
from tests.browser.entering import behind, enter
from tests.browser.holding import held, pass_time
from tests.browser.stage import Stage


async def test_a_day_is_seen_at_a_glance(stage: Stage, page: Page) -> None:
    world = stage.world
    world.outside.outcomes = [Refused("no such mailbox")]
    await world.email("Remind me tomorrow at 9am to call Bob")
    await world.work()
    await world.run_tick("console.count")
    await world.execute("update task set due_at = now() - interval '1 hour'")
    async with held(page):
        await enter(stage, page, platform=True)
        await expect(page.get_by_text("Nobody works")).to_be_visible()
        await expect(page.get_by_role("img", name="In: 1 in 24 hours")).to_be_visible()
        await expect(page.get_by_role("row", name="email 1 0 1 0 0.0 %")).to_be_visible()
        await expect(page.get_by_role("row", name="local 1 0")).to_be_visible()
        assert await barriers(page) == []
        await world.email("And to call Alice", id="msg-2")
        await world.run_tick("console.count")
        await pass_time(page, 5.5)
        await expect(page.get_by_role("img", name="In: 2 in 24 hours")).to_be_visible()
    assert "confirmation</a>" in await behind(page, "1 messages failed")
