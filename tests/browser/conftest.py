"""A browser with one window for the whole run, a tab and a server for each test. Without one: skipped, and said."""

import os
import shutil
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from concierge.running import free_port
from tests.browser.stage import Stage, open_stage

FLAGS = [
    "--no-sandbox",  # we may be root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PATIENCE = 15_000  # ms; a page that is right is there at once, unless the machine does much else
expect.set_options(timeout=PATIENCE)


def chromium() -> str | None:
    """Where the browser is: CHROMIUM, or what Debian calls it."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    if here and chromium() is None:
        warnings.warn(
            pytest.PytestWarning(f"NO BROWSER: {len(here)} tests of pages are skipped; install Debian's chromium"),
            stacklevel=1,
        )
        for item in here:
            item.add_marker(pytest.mark.skip(reason="NO BROWSER: install Debian's chromium, or set CHROMIUM"))


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture(scope="session")
async def window(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A window is half a second of work, a tab in it a tenth: its first tab stays open and nobody's."""
    opened = await browser.new_context(locale="en-GB", timezone_id="Europe/Berlin")
    opened.set_default_timeout(PATIENCE)
    await opened.new_page()
    yield opened
    await opened.close()


@pytest.fixture
async def context(window: BrowserContext) -> AsyncIterator[BrowserContext]:
    """A profile that nobody has used: what a test leaves in it goes with the test's tabs."""
    yield window
    await window.set_offline(False)
    await window.clear_cookies()
    for tab in window.pages[1:]:
        if tab.url.startswith("http"):
            devtools = await window.new_cdp_session(tab)
            origin = "/".join(tab.url.split("/")[:3])
            await devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        await tab.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A tab in which nothing of ours may be refused by a page's policy or break."""
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    yield opened
    assert complaints == []


@pytest.fixture
async def stage(fresh_db: str) -> AsyncIterator[Stage]:
    async with open_stage(fresh_db, free_port()) as opened:
        yield opened
