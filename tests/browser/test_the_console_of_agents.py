"""Channel accounts are tried and paused; agents are tried without a word being sent, and told otherwise by versions."""

import re

import msgspec
from playwright.async_api import Page, expect

from concierge.channels.model import Credentials
from concierge.tenants.vault import revealed
from tests.browser.barriers import barriers
from tests.browser.entering import enter
from tests.browser.stage import Stage


async def test_an_account_is_tried_and_paused(stage: Stage, page: Page) -> None:
    await enter(stage, page, "/accounts")
    assert await barriers(page) == []
    await page.get_by_role("link", name="concierge@example.com").click()
    await page.evaluate("window.there = true; scrollTo(0, 300)")
    await page.get_by_role("button", name="Pause").evaluate("button => button.click()")
    await expect(page.get_by_role("heading", name="concierge@example.com")).to_contain_text("paused")
    # the page came with the answer, and was not asked for again, but begins at its top as any other
    assert await page.evaluate("[there, scrollY]") == [True, 0]
    await page.get_by_role("button", name="Resume").click()
    await expect(page.get_by_role("heading", name="concierge@example.com")).to_contain_text("active")
    await page.get_by_label("To", exact=True).fill("alice@example.com")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("status")).to_have_text("Queued for sending.")
    await stage.world.work()
    assert stage.world.outside.texts == ["This is a test message."]
    await page.go_back()  # what was written over the account's page is not what its address shows
    await expect(page.get_by_role("heading", name="concierge@example.com")).to_contain_text("active")
    await page.goto(f"{stage.url}/console/accounts/new?channel=whatsapp")
    await page.get_by_label("Phone number id").fill("99887766")
    await page.get_by_label("App secret").fill("app-secret")
    await page.get_by_role("button", name="Connect").click()
    await expect(page.get_by_text("kept, encrypted")).to_be_visible()
    await page.get_by_label("Type “99887766”").fill("concierge@example.com")
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("nothing was removed")).to_be_visible()
    await page.get_by_label("Type “99887766”").fill("99887766")
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("status")).to_contain_text("Removed.")
    await expect(page.get_by_role("link", name="99887766")).to_have_count(0)
    last = "select action, detail from audit_entry order by id desc limit 1"
    assert await stage.world.rows(last) == [("remove", "99887766")]


async def test_an_account_brings_its_own_aws_keys_and_nobody_sees_them_again(stage: Stage, page: Page) -> None:
    world = stage.world
    await enter(stage, page, "/accounts")
    await page.get_by_role("link", name="Email", exact=True).click()
    await page.get_by_label("Mailbox").fill("desk@example.com")
    await page.get_by_label("AWS region").fill("Frankfurt")
    await page.get_by_label("AWS access key id").fill("AKIAEXAMPLE")
    await page.get_by_label("AWS secret access key").fill("aws-secret")
    await page.get_by_label("Secret of its webhook").fill("hook-secret")
    await page.get_by_role("button", name="Connect").click()
    await expect(page.get_by_label("AWS region")).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_label("AWS region")).to_be_focused()
    await expect(page.get_by_label("AWS secret access key")).to_have_value("aws-secret")
    assert await barriers(page) == []
    await page.get_by_label("AWS region").fill("eu-central-1")
    await page.get_by_role("button", name="Connect").click()
    await page.get_by_text("Change settings and credentials").click()
    assert await barriers(page) == []
    for secret in ("AKIAEXAMPLE", "aws-secret", "hook-secret"):
        assert secret not in await page.content()
    await page.get_by_label("AWS secret access key").fill("another-secret")
    await page.get_by_label("Name of the sender").fill("Front desk")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Save").click()
    row = await world.one("select credentials from channel_account where external_id = 'desk@example.com'")
    kept = msgspec.json.decode(revealed(row, world.runtime.settings), type=Credentials)
    assert kept.aws_access_key_id == "AKIAEXAMPLE"  # left blank: as it was
    assert kept.aws_secret_access_key == "another-secret"
    assert kept.webhook_secrets == ["hook-secret"]
    settings = await world.one("select settings from channel_account where external_id = 'desk@example.com'")
    assert (settings["region"], settings["from_name"]) == ("eu-central-1", "Front desk")
    assert await world.one("select detail from audit_entry where action = 'change'") == "aws_secret_access_key"


async def test_an_agent_is_made_and_archived(stage: Stage, page: Page) -> None:
    await enter(stage, page, "/agents")
    await page.get_by_text("A new agent").click()
    form = page.locator("form", has=page.get_by_role("button", name="Make it"))
    await form.get_by_label("Name").fill("Night desk")
    await form.get_by_label("Answers on").select_option(label="1234 (whatsapp)")
    await form.get_by_role("button", name="Make it").click()
    await expect(page.get_by_role("alert")).to_contain_text("has an agent")
    assert await barriers(page) == []
    await form.get_by_label("in place of the one").check()
    await form.get_by_role("button", name="Make it").click()
    await expect(page.get_by_role("heading", name="Night desk")).to_contain_text("active")
    await page.get_by_role("button", name="Archive this agent").click()
    await expect(page.get_by_role("heading", name="Night desk")).to_contain_text("archived")
    live = await stage.world.rows(
        "select channel from agent join channel_account a on a.id = channel_account_id where live"
    )
    assert ("whatsapp",) not in live


async def test_an_agent_is_tried_without_a_word_being_sent(stage: Stage, page: Page) -> None:
    await enter(stage, page, "/agents")
    await page.get_by_role("row", name="email").get_by_role("link", name="Concierge").click()
    await page.get_by_label("A message from somebody new").fill("Remind me tomorrow at 9am to call Bob")
    await page.get_by_role("button", name="See what it would do").click()
    told = page.get_by_role("region", name="What it would do")
    said = re.compile(r"Got it.*at 09:00 \(Europe/Berlin\).*Call Bob", re.DOTALL)
    await expect(told.get_by_role("blockquote")).to_contain_text(said)
    await expect(told.get_by_text('"title": "Call Bob"')).to_be_hidden()
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
    form = page.get_by_role("group").filter(has_text="A new prompt")
    await form.get_by_label("Name").fill("Front desk")
    await form.get_by_label("Text").fill("Be kind.\nBe brief.")
    async with page.expect_navigation():
        await form.get_by_role("button", name="Save").click()
    await page.get_by_label("Text").fill("Be kind.\nBe clear.")
    await page.get_by_role("button", name="Publish as version 2").click()
    await expect(page.locator(".diff .drop").first).to_have_text("-Be brief.")
    await expect(page.locator(".diff .add").first).to_have_text("+Be clear.")
    assert await barriers(page) == []
