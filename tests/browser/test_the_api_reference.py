"""The description to browse: it shows what the API can do, and loads nothing from anywhere else."""

from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Page, Request

from tests.browser.stage import Stage

PATIENCE = 40_000  # milliseconds: a megabyte of script and a description of two hundred operations, on a busy machine


async def test_it_shows_an_operation_and_asks_nobody_else(stage: Stage, own_tab: Page) -> None:
    asked: list[str] = []
    warned: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    def hear(line: ConsoleMessage) -> None:
        if line.type == "warning":
            warned.append(line.text)

    own_tab.on("request", note)
    own_tab.on("console", hear)
    await own_tab.goto(f"{stage.url}/schema#tag/follow-ups/GET/v1/follow-ups")
    await own_tab.get_by_role("heading", name="Follow-ups, newest first").first.wait_for(timeout=PATIENCE)
    called = [each for each in asked if urlsplit(each).scheme in {"http", "https"}]
    elsewhere = [each for each in called if not each.startswith(stage.url)]
    assert elsewhere == []
    assert f"{stage.url}/schema/openapi.json" in asked
    assert warned == []  # a description that it must mend first takes a second more to be seen
