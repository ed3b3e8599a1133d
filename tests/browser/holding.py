"""A page's timers in a test's hand: what a page wants to do in a second or later waits until that time is said to pass.

Playwright's own clock stays in a window once it was put there, and a window of its own costs a test half a second.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page

HELD = """
window.held = [];
const soon = window.setTimeout.bind(window);
window.setTimeout = (act, wait = 0, ...more) =>
    wait < 1000 ? soon(act, wait, ...more) : -held.push({ act: () => act(...more), wait });
"""
RELEASE = """most => {
    const due = held.filter((each) => each.wait <= most);
    held = held.filter((each) => each.wait > most);
    due.forEach((each) => each.act());
    return due.length > 0;
}"""


@asynccontextmanager
async def held(page: Page) -> AsyncIterator[None]:
    """Pages that are loaded from now on do not wait by themselves."""
    async with await page.add_init_script(HELD):
        yield


async def pass_time(page: Page, seconds: float) -> None:
    """What the page wants to do within so many seconds, it does now; or soon, where it does not want anything yet."""
    await page.wait_for_function(RELEASE, arg=seconds * 1000)
