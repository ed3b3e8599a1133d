"""A person answers in the inbox: what was said, who leads, now, later and by a template."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.holding import held, pass_time
from tests.browser.operators import sign_in_as
from tests.browser.stage import Stage


async def test_a_person_takes_over_and_answers(stage: Stage, page: Page) -> None:
    world = stage.world
    await world.whatsapp("Remind me tomorrow at 9am to call Bob")
    await world.work()
    await sign_in_as(stage, page)
    await page.goto(f"{stage.url}/console/inbox")
    assert await barriers(page) == []
    await expect(page.get_by_role("row", name="15551234567")).to_contain_text("24 h left")
    await page.get_by_label("State").select_option("bot")
    await page.get_by_label("Channel").select_option("whatsapp")
    await page.get_by_role("button", name="Show").click()
    await expect(page).to_have_url(f"{stage.url}/console/inbox?status=bot&channel=whatsapp")
    for none in ("email&status=bot", "whatsapp&status=human"):
        answer = await page.request.get(f"{stage.url}/console/inbox?channel={none}")
        assert "No conversations." in await answer.text()
    await page.get_by_role("link", name="15551234567").click()
    assert await barriers(page) == []
    await expect(page.get_by_role("log")).to_contain_text("call Bob")
    received = await world.one("select received_at from inbound_message")
    at = received.astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M")
    await expect(page.get_by_role("log").locator("time").first).to_contain_text(at)
    await expect(page.get_by_role("heading", name="Follow-ups")).to_be_visible()
    await page.get_by_role("button", name="Take over").click()
    await expect(page.get_by_role("status")).to_have_text("You lead this conversation; the bot is silent.")
    await page.get_by_label("In answer to").select_option(label="Remind me tomorrow at 9am to call Bob")
    await page.get_by_label("Answer", exact=True).fill("Bob is on holiday <b>until</b> Monday.")
    await world.execute("update console_session set expires_at = expires_at - interval '1 day'")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await world.execute("update console_session set expires_at = expires_at + interval '1 day'")
    await page.goto(stage.url + await page.locator("[name=next]").input_value())  # what was typed is still there
    await expect(page.get_by_label("Answer", exact=True)).to_have_value("Bob is on holiday <b>until</b> Monday.")
    await page.get_by_role("button", name="Send").dblclick()
    await expect(page.get_by_role("status")).to_have_text("Queued for sending.")
    await expect(page.get_by_role("log")).to_contain_text("<b>until</b> Monday.")
    await world.work()
    assert [(each.text, each.quotes) for each in world.outside.sent[1:]] == [
        ("Bob is on holiday <b>until</b> Monday.", "wamid.1")
    ]
    at = (world.clock() + timedelta(days=2)).strftime("%Y-%m-%dT09:00")
    await page.get_by_label("Answer", exact=True).fill("Bob is back.")
    await page.get_by_label("Later").fill(at)
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("log")).to_contain_text("scheduled")
    await page.get_by_role("button", name="Do not say it").click()
    await expect(page.get_by_role("status")).to_have_text("Cancelled.")
    async with held(page):
        await page.reload()
        await page.evaluate("document.getElementById('talk').dataset.kept = 'yes'")
        async with page.expect_response("**/console/inbox/*"):
            await pass_time(page, 5)
        await world.whatsapp("Thanks", id="wamid.2")
        await expect(page.locator("[data-kept]")).to_be_visible()  # nothing was new, nothing is drawn anew
        await pass_time(page, 5)  # it is seen without loading the page
        await expect(page.get_by_role("log")).to_contain_text("Thanks")
    await page.get_by_role("button", name="Give back to the bot").click()
    await expect(page.get_by_role("status")).to_contain_text("The bot leads again")
    await page.get_by_role("button", name="Close").click()
    await expect(page.get_by_role("heading", name="15551234567")).to_contain_text("closed")
    assert await stage.world.rows("select distinct taken_by from handoff") == [("operator:olga.operator",)]
    done = ["take over", "reply", "schedule", "cancel", "give back", "close"]
    assert await world.rows("select action from audit_entry order by id") == [(each,) for each in done]


async def test_outside_the_window_a_template_is_chosen(stage: Stage, page: Page) -> None:
    world = stage.world
    await world.whatsapp("Hello")
    await world.work()
    await world.execute("update conversation set window_until = %(now)s, parked_at = %(now)s", now=world.clock())
    await world.execute("""
        insert into message_template (tenant_id, channel_account_id, name, language, parameters, created_at, moved_at)
        select tenant_id, id, 'back_soon', 'en', '{contact_name|there,day}', now(), now()
        from channel_account where channel = 'whatsapp'""")
    await sign_in_as(stage, page)
    await page.goto(f"{stage.url}/console/inbox/{await world.one('select id from conversation')}")
    assert await barriers(page) == []
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("status")).to_have_text("It will be tried again.")
    await expect(page.get_by_label("contact name")).to_have_value("there")
    await page.get_by_label("day").fill("on Monday")
    await page.get_by_role("button", name="Send back_soon").click()
    await expect(page.get_by_role("log")).to_contain_text("back_soon: there · on Monday")
    await world.work()
    sent = world.outside.sent[-1]
    assert (sent.extra and sent.extra.parameters) == ["there", "on Monday"]  # type: ignore[union-attr]
    assert await world.one("select status from conversation") == "human"
