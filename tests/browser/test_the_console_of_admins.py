"""Admins make keys that are shown once, tell webhooks again, hire and shut out, and see who did what."""

from playwright.async_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.entering import enter
from tests.browser.stage import Stage


async def test_a_key_is_shown_once_and_revoked(stage: Stage, page: Page) -> None:
    await enter(stage, page, "/keys")
    await page.get_by_text("A new key").click()
    await page.get_by_label("Name").fill("CRM")
    await page.get_by_label("Scopes").fill("messages:read, platform:*")
    await page.get_by_role("button", name="Make it").click()
    await expect(page.get_by_text("your own key does not hold platform:*")).to_be_visible()
    await expect(page.get_by_label("Name")).to_have_value("CRM")  # what was typed stays
    await page.get_by_label("Scopes").fill("messages:read, follow-ups:read")
    await page.get_by_role("button", name="Make it").click()
    key = await page.locator("#secret").inner_text()
    headers = {"authorization": f"Bearer {key}"}
    assert (await stage.world.client.get("/v1/follow-ups", headers=headers)).status_code == 200
    assert await barriers(page) == []
    await page.get_by_role("link", name="Done").click()
    await expect(page.get_by_text(key)).to_have_count(0)
    await page.get_by_role("button", name="Revoke CRM").click()
    await expect(page.get_by_role("row", name="CRM")).to_contain_text("ended")
    assert (await stage.world.client.get("/v1/follow-ups", headers=headers)).status_code == 401


async def test_a_webhook_is_made_and_told_again(stage: Stage, page: Page) -> None:
    await enter(stage, page, "/webhooks")
    await page.get_by_text("A new endpoint").click()
    await page.get_by_label("URL").fill("https://crm.example.com/hooks")
    await page.get_by_label("Event types").fill("message.*")
    await page.get_by_role("button", name="Make it").click()
    await expect(page.locator("#secret")).to_contain_text("whsec_")
    await stage.world.email("Remind me tomorrow at 9am to call Bob")
    await stage.world.execute("update webhook_delivery set status = 'failed'")
    await page.get_by_role("link", name="Done").click()
    assert await barriers(page) == []
    await page.get_by_role("button", name="Tell again what failed").click()
    await expect(page.get_by_role("row", name="message.received")).to_contain_text("pending")
    await page.get_by_role("button", name="Disable").click()
    await expect(page.get_by_text("Why: disabled by operator:")).to_be_visible()


async def test_colleagues_come_and_go_and_it_is_kept_who_did_it(stage: Stage, page: Page) -> None:
    await enter(stage, page, "/operators")
    await page.get_by_text("Somebody new").click()
    form = page.locator("form", has=page.get_by_role("button", name="Add"))
    await form.get_by_label("Login").fill("vera")
    await form.get_by_label("Password").fill("a long password")
    await form.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("row", name="vera")).to_contain_text("viewer")
    assert await barriers(page) == []
    await page.get_by_text("Change admin").click()
    await page.get_by_role("row", name="admin").get_by_label("shut out").check()
    await page.get_by_role("row", name="admin").get_by_role("button", name="Save").click()
    await expect(page.get_by_text("another admin must do this to you")).to_be_visible()
    await page.goto(f"{stage.url}/console/retention")
    await page.get_by_label("Follow-ups").first.fill("7")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await expect(page.get_by_label("Follow-ups").first).to_have_value("7")
    assert await barriers(page) == []
    await page.get_by_role("link", name="Audit log").click()
    await expect(page.get_by_role("row", name="operator:admin add operator")).to_be_visible()
    assert await barriers(page) == []
