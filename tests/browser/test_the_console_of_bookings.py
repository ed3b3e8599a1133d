"""Bookings: their plans are seen, they are moved, confirmed and cancelled, and their texts looked at."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Page, expect

from tests.bookings import HEADERS
from tests.browser.barriers import barriers
from tests.browser.entering import behind, enter
from tests.browser.stage import Stage


async def test_a_booking_is_moved_and_cancelled(stage: Stage, page: Page) -> None:
    starts_at = stage.world.clock() + timedelta(days=5)
    body = {
        "customer": {"name": "Alice", "email": "alice@example.com"},
        "service": "Haircut",
        "starts_at": starts_at.isoformat(),
    }
    assert (await stage.world.client.post("/v1/bookings", json=body, headers=HEADERS)).status_code == 201
    await enter(stage, page, "/bookings?status=ahead", "operator")
    assert "Say when it begins" in await behind(page, "New booking")
    assert await barriers(page) == []
    await page.get_by_role("link", name="Haircut").click()
    await expect(page.get_by_role("table", name="The plan that holds").get_by_text("planned")).to_have_count(2)
    assert await barriers(page) == []
    later = (starts_at + timedelta(days=1)).astimezone(ZoneInfo("Europe/Berlin"))
    await page.get_by_label("When, on the clock there").fill(f"{later:%Y-%m-%dT%H:%M}")
    await page.get_by_role("button", name="Save, and plan anew").click()
    await expect(page.get_by_role("table", name="Plan 1, before")).to_contain_text("the booking was moved")
    await page.get_by_role("button", name="Its customer comes").click()
    await expect(page.get_by_role("heading", name="Haircut")).to_contain_text("confirmed")
    await page.get_by_label("tell the customer").uncheck()
    await page.get_by_role("button", name="Cancel the booking").click()
    await expect(page.get_by_text("Why: cancelled by operator:operator")).to_be_visible()
    assert await stage.world.rows("select 1 from outbound_message") == []


async def test_a_booking_is_made_with_its_plan_in_sight(stage: Stage, page: Page) -> None:
    starts_at = (stage.world.clock() + timedelta(days=5)).astimezone(ZoneInfo("Europe/Berlin"))
    await enter(stage, page, "/bookings/new", "operator")
    await page.get_by_label("Name").fill("Alice")
    await page.get_by_label("Service").fill("Haircut")
    plan = page.locator("#plan")
    await expect(plan).to_contain_text("Say when it begins")
    await page.get_by_label("Begins").fill(f"{starts_at:%Y-%m-%dT15:00}")
    await page.get_by_label("Service").focus()
    await expect(plan.get_by_role("listitem")).to_have_count(2)
    await expect(plan).to_contain_text("13:00")
    assert await barriers(page) == []
    await page.get_by_role("button", name="Book", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("a customer needs a phone or an email address")
    await page.get_by_label("Phone").fill("12")
    await page.get_by_role("button", name="Book", exact=True).click()
    await expect(page.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Phone").fill("+4915112345678")
    await page.get_by_role("button", name="Book", exact=True).dblclick()
    await expect(page.get_by_role("status")).to_contain_text("Booked.")
    await expect(page.get_by_role("table", name="The plan that holds").get_by_text("planned")).to_have_count(2)
    assert await stage.world.one("select count(*) from booking") == 1
    assert await stage.world.one("select action from audit_entry") == "book"


async def test_policies_and_texts_are_looked_at_before_they_hold(stage: Stage, page: Page) -> None:
    await enter(stage, page, "/policies")
    await page.get_by_text("A new policy").click()
    form = page.get_by_role("group").filter(has_text="A new policy")
    await form.get_by_label("Name", exact=True).fill("Often")
    await form.get_by_label("Every so often").fill("PT2H")
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("row", name="30 d away")).to_contain_text("359: many")
    assert await barriers(page) == []
    await page.goto(f"{stage.url}/console/texts?text={{{{contact_nam}}}}, come!")
    await expect(page.get_by_role("alert")).to_contain_text("contact_nam")
    await page.get_by_label("Text").fill("{{contact_name}}, come!")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_role("region", name="Preview")).to_contain_text("Alice, come!")
    assert await barriers(page) == []
    await page.get_by_role("button", name="Say this from now on").click()
    await expect(page.get_by_role("cell", name="{{contact_name}}, come!")).to_be_visible()
