"""Channel accounts are tried and paused; agents are tried without a word being sent, and told otherwise by versions."""

import re

from playwright.async_api import Page, expect

from tests.browser.entering import enter
from tests.browser.stage import Stage, barriers


async def test_an_account_is_tried_and_paused(stage: Stage, page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    await enter(stage, page, "/accounts")
    assert await barriers(page) == []
    await page.get_by_role("link", name="concierge@example.com").click()
    await page.get_by_label("To", exact=True).fill("alice@example.com")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("status")).to_have_text("Queued for sending.")
    await stage.world.work()
    assert stage.world.outside.texts == ["This is a test message."]
    await page.go_back()
    assert await barriers(page) == []
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("heading", name="concierge@example.com")).to_contain_text("paused")
    await page.get_by_role("button", name="Resume").click()
    await expect(page.get_by_role("heading", name="concierge@example.com")).to_contain_text("active")
    await page.goto(f"{stage.url}/console/accounts")
    await page.get_by_text("Connect an account").click()
    await page.get_by_role("combobox").select_option("whatsapp")
    await page.get_by_label(re.compile("^Meta’s id")).fill("99887766")
    await page.get_by_label("App secret").fill("app-secret")
    await page.get_by_role("button", name="Connect").click()
    await expect(page.get_by_text("kept, encrypted")).to_be_visible()


async def test_an_agent_is_tried_without_a_word_being_sent(stage: Stage, page: Page) -> None:
    await enter(stage, page, "/agents")
    assert await barriers(page) == []
    await page.get_by_role("row", name="email").get_by_role("link", name="Concierge").click()
    await page.get_by_label("A message from somebody new").fill("Remind me tomorrow at 9am to call Bob")
    await page.get_by_role("button", name="See what it would do").click()
    await expect(page.get_by_role("region", name="What it would do")).to_contain_text('"title": "Call Bob"')
    assert await barriers(page) == []
    for table in ("task", "inbound_message", "outbound_message", "conversation", "contact"):
        assert await stage.world.rows(f"select 1 from {table}") == []
    assert await stage.world.rows("select purpose, conversation_id from model_call") == [("extract", None)]
    await page.get_by_label(re.compile("^Skills")).fill("followups, juggling")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("there is no such skill")).to_be_visible()


async def test_a_prompt_shows_what_changed(stage: Stage, page: Page) -> None:
    await enter(stage, page, "/agents")
    await page.get_by_text("A new prompt").click()
    await page.get_by_label("Name").fill("Front desk")
    await page.get_by_label("Text").fill("Be kind.\nBe brief.")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_label("Text").fill("Be kind.\nBe clear.")
    await page.get_by_role("button", name="Publish as version 2").click()
    await expect(page.locator(".diff .drop").first).to_have_text("-Be brief.")
    await expect(page.locator(".diff .add").first).to_have_text("+Be clear.")
    assert await barriers(page) == []
