"""A browser with one tab for the whole run, and a server for each test. Without one: skipped, and said."""

import os
import shutil
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Error, Page, async_playwright, expect

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
    "--js-flags=--no-maglev,--no-turbofan",  # a page is gone before it pays to optimize what runs there
    # RenderDocument would give each page a frame and a compositor of its own, for a third more.
    # Only the last such list counts: the others are those that Playwright turns off.
    "--disable-features=RenderDocument,AvoidUnnecessaryBeforeUnloadCheckSync,AvoidCorsURLLoaderRestartOnRedirect,"
    "HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,OptimizationHints,PaintHolding,"
    "ThirdPartyStoragePartitioning",
]

PATIENCE = 15_000  # ms; a page that is right is there at once, unless the machine does much else
expect.set_options(timeout=PATIENCE)


def chromium() -> str | None:
    """Where the browser is: CHROMIUM, or what Debian calls it. The shell draws no window, and does half the work."""
    found = map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))
    return os.environ.get("CHROMIUM") or next(filter(None, found), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    if here and chromium() is None:
        warnings.warn(
            pytest.PytestWarning(f"NO BROWSER: {len(here)} tests of pages are skipped; `make browser` installs one"),
            stacklevel=1,
        )
        for item in here:
            item.add_marker(pytest.mark.skip(reason="NO BROWSER: `make browser` installs one"))


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture(scope="session")
async def tab(browser: Browser) -> AsyncIterator[Page]:
    """What tests hand to each other: another tab is another process, and a quarter of a second of work."""
    opened = await browser.new_page(locale="en-GB", timezone_id="Europe/Berlin")
    opened.set_default_timeout(PATIENCE)
    opened.on("dialog", lambda dialog: dialog.accept())
    yield opened
    await opened.close()


@pytest.fixture
async def page(tab: Page) -> AsyncIterator[Page]:
    """The tab as if nobody had used it, in which nothing of ours may be refused by a page's policy or break.

    What pages keep, they keep for their stage's port; only cookies know no ports.
    """
    async with heard(tab) as complaints:
        yield tab
    await tab.goto("about:blank")  # what still runs there would be heard in the next test
    await tab.unroute_all(behavior="ignoreErrors")
    await tab.context.set_offline(offline=False)
    await tab.context.clear_cookies()
    assert complaints == []


@pytest.fixture
async def own_tab(browser: Browser) -> AsyncIterator[Page]:
    """As `page`, for what goes on working after it was seen: it ends with its tab, and nobody waits for it."""
    opened = await browser.new_page()
    async with heard(opened) as complaints:
        yield opened
    await opened.close()
    assert complaints == []


@asynccontextmanager
async def heard(page: Page) -> AsyncIterator[list[str]]:
    """What breaks there, and what its policy refuses."""
    complaints: list[str] = []

    def hear_error(error: Error) -> None:
        complaints.append(str(error))

    def hear_line(line: ConsoleMessage) -> None:
        if "Content Security Policy" in line.text:
            complaints.append(line.text)

    page.on("pageerror", hear_error)
    page.on("console", hear_line)
    yield complaints
    page.remove_listener("pageerror", hear_error)
    page.remove_listener("console", hear_line)


@pytest.fixture
async def stage(db: str) -> AsyncIterator[Stage]:
    async with open_stage(db, free_port()) as opened:
        yield opened
