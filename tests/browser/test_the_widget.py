"""The chat of a page: through restarts, lost connections and doubled sends, nothing is lost and nothing shown twice."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.barriers import barriers
from tests.browser.conftest import PATIENCE
from tests.browser.stage import Stage

IN_SIGHT = """() => {
    const box = document.querySelector("#timeline li:last-child").getBoundingClientRect();
    return document.elementFromPoint(box.x + 5, box.y + box.height / 2)?.closest("#timeline") != null;
}"""


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Write a message…").fill(text)
    await page.keyboard.press("Enter")


def bubble(page: Page, text: str) -> Locator:
    return page.locator(".bubble", has_text=text)


async def kept(stage: Stage) -> list[str]:
    return [text for (text,) in await stage.world.rows("select text from inbound_message order by seq")]


@pytest.fixture
async def phone(page: Page) -> AsyncIterator[Page]:
    """As small as one."""
    usual = page.viewport_size
    await page.set_viewport_size({"width": 390, "height": 844})
    yield page
    if usual is not None:
        await page.set_viewport_size(usual)


async def test_a_newcomer_sees_a_message_become_a_reminder(stage: Stage, phone: Page) -> None:
    page = phone
    await page.goto(stage.url)
    await page.get_by_role("button", name="remind me in one minute to stretch").click()
    await expect(bubble(page, "remind me in one minute to stretch")).to_have_attribute("data-state", "sent")
    await expect(page.locator(".typing")).to_have_text("We are writing…")
    await stage.world.work()
    await expect(bubble(page, "I'll remind you")).to_be_visible()
    await expect(page.locator(".typing")).to_be_hidden()
    await expect(page.locator("#timeline")).to_contain_text("follow-up found")
    assert await barriers(page) == []
    await page.keyboard.press("Escape")
    await stage.world.execute("update task set due_at = now() - interval '1 second'")
    await stage.world.tick()
    await expect(page.get_by_role("button", name="Open the chat, unread messages: 1")).to_be_visible()
    async with page.expect_response(lambda answer: answer.url.endswith("/ack")):  # before it, nothing is known as read
        await page.get_by_role("button", name=re.compile("Open the chat")).click()
    await expect(bubble(page, "stretch").last).to_be_visible()
    await expect(page.locator("#timeline")).to_contain_text(re.compile("reminder (sent|delivered|read)"))
    await expect(page.locator(".badge")).to_be_hidden()
    assert await page.evaluate(IN_SIGHT)
    assert await stage.world.one("select read_seq = last_seq from webchat_session")


async def test_what_was_written_while_nobody_answers_arrives_once(stage: Stage, page: Page) -> None:
    await page.goto(stage.url)
    await say(page, "first")
    await expect(bubble(page, "first")).to_have_attribute("data-state", "sent")
    await stage.stop()
    await say(page, "while it is away")
    await expect(bubble(page, "while it is away")).to_have_attribute("data-state", "sending")
    await expect(page.locator(".notice")).to_have_text("Connecting…")
    await stage.start()
    await expect(bubble(page, "while it is away")).to_have_attribute("data-state", "sent")
    await expect(page.locator(".notice")).to_be_hidden()
    await page.context.set_offline(True)
    await say(page, "without a network")
    await expect(page.locator(".notice")).to_contain_text("You are offline")
    await page.get_by_label("Write a message…").fill("")
    await page.context.set_offline(False)
    await expect(bubble(page, "without a network")).to_have_attribute("data-state", "sent")
    await page.route("**/messages", lambda route: route.abort())
    await say(page, "before the page is closed")
    await expect(bubble(page, "before the page")).to_have_attribute("data-state", "sending")
    await page.reload()
    await expect(bubble(page, "first")).to_be_visible()
    await page.unroute("**/messages")
    await expect(bubble(page, "before the page")).to_have_attribute("data-state", "sent")
    await stage.world.work()
    each = ["first", "while it is away", "without a network", "before the page is closed"]
    await expect(page.locator(".bubble.in")).to_have_text([re.compile(f"^{text}") for text in each])
    assert await kept(stage) == each


async def test_a_lost_answer_doubles_nothing(stage: Stage, page: Page) -> None:
    answered: list[str] = []
    twice = asyncio.Event()

    async def lose_the_first(route: Route) -> None:
        answer = await route.fetch()
        answered.append((await answer.json())["status"])
        if len(answered) == 1:
            await route.abort()
        else:
            await route.fulfill(response=answer)
            twice.set()

    await page.route("**/messages", lose_the_first)
    await page.route("**/events**", lambda route: route.abort())  # the stream would say that it arrived
    await page.goto(stage.url)
    await say(page, "only once")
    await asyncio.wait_for(twice.wait(), PATIENCE / 1000)
    await expect(bubble(page, "only once")).to_have_attribute("data-state", "sent")
    assert answered == ["accepted", "duplicate"]
    assert await kept(stage) == ["only once"]
    await expect(bubble(page, "only once")).to_have_count(1)


async def use_the_keyboard(page: Page) -> None:
    """It is enough to close the chat, to open it and to write."""
    await page.keyboard.press("Escape")
    launcher = page.get_by_role("button", name="Open the chat")
    await expect(launcher).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Write a message…")).to_be_focused()
    await expect(launcher).to_have_count(0)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Send")).to_be_focused()


async def test_a_file_is_kept_text_stays_text_and_what_is_refused_is_tried_again(
    stage: Stage, page: Page, tmp_path: Path
) -> None:
    await page.goto(stage.url)
    await use_the_keyboard(page)
    await say(page, "<img src=x onerror=alert(1)> see https://shop.example/a?b=1.")
    shown = bubble(page, "<img src=x")
    await expect(shown.get_by_role("link")).to_have_attribute("href", "https://shop.example/a?b=1")
    await expect(shown.locator("img")).to_have_count(0)
    note = tmp_path / "note.txt"
    note.write_text("milk, eggs")
    await page.set_input_files("input[type=file]", note)
    await expect(bubble(page, "note.txt")).to_have_attribute("data-state", "sent")
    await stage.world.work()
    assert await stage.world.rows("select status, mime_type, size from media") == [("stored", "text/plain", 10)]
    program = tmp_path / "program.exe"
    program.write_bytes(b"MZ")
    await page.set_input_files("input[type=file]", program)
    await expect(bubble(page, "program.exe")).to_contain_text("Not sent.")
    await page.route("**/messages", lambda route: route.fulfill(status=400, json={}))
    await say(page, "refused")
    refused = bubble(page, "refused")
    await expect(refused).to_contain_text("Not sent.")
    await page.unroute("**/messages")
    await refused.get_by_role("button", name="Try again").click()
    await expect(refused).to_have_attribute("data-state", "sent")


async def test_another_language_another_side(stage: Stage, page: Page) -> None:
    html = """<!doctype html><html lang="ar"><title>متجر</title><body><h1>متجر</h1>
        <script src="/webchat/widget.js" data-position="left" data-theme="dark" data-color="#7a1fa2" data-open>
        </script>"""
    await page.route(f"{stage.url}/shop", lambda route: route.fulfill(body=html, content_type="text/html"))
    await page.goto(f"{stage.url}/shop")
    await expect(page.get_by_role("dialog", name="تحدث معنا")).to_be_visible()
    assert await page.locator(".root").evaluate("root => getComputedStyle(root).direction") == "rtl"
    assert await page.locator(".root").evaluate("root => root.getBoundingClientRect().left") < 100
    await page.keyboard.type("مرحبا")
    await page.keyboard.press("Enter")
    await expect(bubble(page, "مرحبا").last).to_have_attribute("data-state", "sent")
    assert await barriers(page) == []
    assert await page.context.cookies() == []


async def test_a_strict_page_and_a_slow_network_are_no_hindrance(stage: Stage, page: Page) -> None:
    html = """<!doctype html><html lang="en"><title>Shop</title><body><h1>Shop</h1>
        <script src="/webchat/widget.js" data-open data-greeting="What can we do for you?"></script>"""
    strict = "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
    await page.route(
        f"{stage.url}/shop",
        lambda route: route.fulfill(body=html, content_type="text/html", headers={"content-security-policy": strict}),
    )
    await page.goto(f"{stage.url}/shop")
    await expect(page.get_by_text("What can we do for you?")).to_be_visible()
    assert await page.locator(".root").evaluate("root => getComputedStyle(root).position") == "fixed"  # styled
    network = await page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 700, "downloadThroughput": 4_000, "uploadThroughput": 4_000}
    await network.send("Network.emulateNetworkConditions", slow)
    await page.get_by_label("Write a message…").fill("only once")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(bubble(page, "only once")).to_have_attribute("data-state", "sending")  # seen at once
    await expect(bubble(page, "only once")).to_have_attribute("data-state", "sent")
    await network.detach()
    assert await kept(stage) == ["only once"]
    assert await barriers(page) == []
    loaded = await page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    assert [each for each in loaded if not each.startswith(stage.url)] == []
