"""A newcomer is led from nothing to a first message that was answered."""

from playwright.async_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.entering import behind, enter
from tests.browser.stage import Stage


async def test_the_first_steps_are_ticked_off(stage: Stage, page: Page) -> None:
    await enter(stage, page)
    await page.get_by_role("link", name="the first steps").click()
    assert await barriers(page) == []
    first = page.get_by_role("heading", name="The first message comes in")
    await expect(first).to_contain_text("to do")
    await expect(page.get_by_text("/webhook/whatsapp")).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="WHATSAPP_ACCESS_TOKEN").last).to_contain_text("not set")
    await page.get_by_role("link", name="open the page with the chat").click()
    await page.get_by_role("button", name="remind me in one minute to stretch").click()
    await expect(page.locator(".bubble.in")).to_have_attribute("data-state", "sent")
    await stage.world.work()
    await page.goto(f"{stage.url}/console/beginning")
    await expect(first).to_contain_text("done")
    await expect(page.get_by_role("heading", name="The first answer goes out")).to_contain_text("done")
    assert "the first steps" not in await behind(page, "Overview")
