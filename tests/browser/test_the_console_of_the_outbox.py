"""Many messages are acted on at once, after a count and a confirmation; one of unknown fate is settled by hand."""

from playwright.async_api import Page, expect

from concierge.errors import Refused
from tests.browser.barriers import barriers
from tests.browser.entering import behind, enter
from tests.browser.holding import held, pass_time
from tests.browser.stage import Stage


async def test_all_that_failed_are_tried_again(stage: Stage, page: Page) -> None:
    stage.world.outside.outcomes = [Refused("no such mailbox")] * 3
    for n in range(3):
        await stage.world.email(
            "Remind me tomorrow at 9am to call Bob", id=f"msg-{n}", **{"from": f"person{n}@example.com"}
        )
    await stage.world.work()
    async with held(page):
        await enter(stage, page, "/outbox?status=failed&channel=email", "operator")
        await page.get_by_role("link", name="Try all of them again").click()
        assert await barriers(page) == []
        await page.get_by_role("button", name="Try again 3").click()
        await expect(page.get_by_text("0 of 3")).to_be_visible()
        await stage.world.work()
        await pass_time(page, 1.5)
        await expect(page.get_by_text("3 of 3")).to_be_visible()
    assert await barriers(page) == []
    assert "None of these." in await behind(page, "Back to the outbox")
    assert await stage.world.rows("select status from outbound_message") == [("sent",)] * 3


async def test_an_unknown_fate_is_settled_and_a_waiting_message_cancelled(stage: Stage, page: Page) -> None:
    await stage.world.email("Remind me tomorrow at 9am to call Bob")
    await stage.world.work()
    await stage.world.execute("update outbound_message set status = 'unknown', escalated_at = now()")
    id = await stage.world.one("select id from outbound_message")
    await enter(stage, page, f"/outbox/{id}", "operator")
    await page.get_by_role("button", name="It was sent").click()
    await expect(page.get_by_role("heading", name="Confirmation")).to_contain_text("sent")
    await stage.world.execute("update outbound_message set status = 'queued', tries = 0, moved_at = now()")
    await page.reload()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("heading", name="Confirmation")).to_contain_text("cancelled")
    assert await stage.world.rows("select action from audit_entry order by created_at") == [
        ("resolve as sent",),
        ("cancel",),
    ]
