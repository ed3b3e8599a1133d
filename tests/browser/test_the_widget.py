"""The chat of a page: through restarts, lost connections and doubled sends, nothing is lost and nothing is shown twice."""

from pathlib import Path

from playwright.async_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.stage import Stage, barriers
from tests.followups import reading, readings, SOON  # noqa: I001

WIDGET = "/webchat/widget.js"


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Write a message…").fill(text)
    await page.keyboard.press("Enter")


def bubble(page: Page, text: str) -> Locator:
    return page.locator(".bubble", has_text=text)
