"""Contacts, leads, summaries and credits: each page's main action."""

import asyncio
import json

from playwright.async_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.entering import behind
from tests.browser.operators import sign_in_as
from tests.browser.stage import Stage


async def test_a_person_is_found_changed_joined_handed_out_and_forgotten(stage: Stage, page: Page) -> None:
    world = stage.world
    await world.whatsapp("Remind me tomorrow at 9am to call Bob")
    await world.email("Hello")
    await world.work()
    await world.execute("""
        update contact c set name = case i.channel when 'email' then 'Alice 100%%' else 'Alicia' end
        from contact_identity i where i.contact_id = c.id""")
    await sign_in_as(stage, page)
    await page.goto(f"{stage.url}/console/contacts")
    assert await barriers(page) == []
    for wanted, found in (("ALI", 2), ("alice 100%", 1), ("+1 555 123 4567", 1), ("Alice@Example.com", 1), ("lic", 0)):
        answer = await page.request.get(f"{stage.url}/console/contacts", params={"find": wanted})
        assert (await answer.text()).count('<a href="/console/contacts/') == found, wanted
    await page.get_by_label("Beginning of a name").fill("alicia")
    await page.get_by_role("button", name="Find").click()
    await expect(page).to_have_url(f"{stage.url}/console/contacts?find=alicia")
    await page.get_by_role("link", name="Alicia").click()
    assert await barriers(page) == []
    await expect(page.get_by_role("link", name="call Bob")).to_be_visible()

    await page.get_by_label("Time zone").fill("Europe/Nowhere")
    await page.get_by_label("Quiet from").fill("22:00")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("is not an IANA time zone")).to_be_visible()
    await expect(page.get_by_label("Time zone")).to_be_focused()
    await page.get_by_label("Time zone").fill("Europe/Rome")
    await page.get_by_label("Quiet from").fill("22:00")
    await page.get_by_label("Quiet until").fill("07:00")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await expect(page.get_by_label("Quiet from")).to_have_value("22:00")

    await page.get_by_label("Why").fill("rang us up")
    await page.get_by_role("button", name="Do not write there").click()
    await expect(page.get_by_text("rang us up")).to_be_visible()
    await page.get_by_role("button", name="Lift for 15551234567").click()
    await expect(page.get_by_role("status")).to_have_text("This address may be written to again.")

    await page.get_by_label("Address or number").fill("alice@example.com")
    await page.get_by_role("button", name="Look at both").click()
    assert await barriers(page) == []
    await page.get_by_role("button", name="They are one person").click()
    await expect(page.get_by_role("status")).to_have_text("They are one contact now.")

    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export as JSON").click()
    path = await (await download.value).path()
    exported = json.loads(await asyncio.to_thread(path.read_text))
    assert len(exported["data"]["inbound_message"]) == 2
    await page.get_by_label("Type").fill("somebody")
    await page.get_by_role("button", name="Erase").click()
    await expect(page.get_by_text("nothing was erased")).to_be_visible()
    await page.get_by_label("Type").fill("Alicia")
    await page.get_by_role("button", name="Erase").click()
    await expect(page.get_by_role("heading", name="(erased)")).to_be_visible()
    assert await world.rows("select 1 from inbound_message where text <> ''") == []
    done = ["change", "suppress", "lift suppression", "merge", "export", "erase"]
    assert await world.rows("select action from audit_entry order by id") == [(each,) for each in done]


async def test_what_was_read_and_what_it_cost(stage: Stage, page: Page) -> None:
    world = stage.world
    await world.whatsapp("I am Ann of Acme, we want a demo")
    await world.work()
    await world.execute("""
        with read as (insert into extraction (tenant_id, conversation_id, purpose, upto_seq, model, prompt_version,
                                              reading, input_tokens, output_tokens, created_at)
                      select tenant_id, id, 'score', 1, 'm', 'v', '{}', 1, 1, now() from conversation
                      returning id, tenant_id, conversation_id)
        insert into lead (tenant_id, conversation_id, extraction_id, name, company, urgency, created_at, moved_at)
        select tenant_id, conversation_id, id, 'Ann', 'Acme', 3, now(), now() from read""")
    await sign_in_as(stage, page, "admin", platform=True)
    await page.goto(f"{stage.url}/console/leads")
    assert await barriers(page) == []
    await expect(page.get_by_role("definition").filter(has_text="high")).to_be_visible()
    await page.get_by_role("link", name="Ann", exact=True).click()
    await expect(page.get_by_role("heading", name="Lead")).to_be_visible()
    await page.get_by_role("link", name="15551234567").click()
    await page.get_by_role("button", name="Sum up").click()
    await expect(page.get_by_text("waiting")).to_be_visible()
    assert await barriers(page) == []
    await world.run_tick("summaries.take_due")
    await world.work()
    assert ">success<" in await behind(page, "Summaries")
    await page.get_by_role("link", name="Credits", exact=True).click()
    assert await barriers(page) == []
    await page.get_by_label("How many").fill("500")
    await page.get_by_role("button", name="Grant").dblclick()
    await expect(page.get_by_role("status")).to_have_text("The credits are there.")
    await expect(page.get_by_role("cell", name="+500")).to_have_count(1)
    assert await world.rows("select balance from credit_account") == [(500,)]
