"""What is found of a page does not depend on the pages that were looked at before it."""

from playwright.async_api import Page

from tests.browser.barriers import barriers

HTML = """<!doctype html><html lang="en"><title>Shop</title><main style="background: {ground}"><h1>Shop</h1>
    <p style="color: #444">Open today</p><button disabled style="{faint}">Send it</button>{more}</main>"""
FAINT = "color: #aaa; background: #bbb"


async def test_a_look_that_was_legible_is_looked_at_again_where_anything_of_it_is_new(page: Page) -> None:
    await page.set_content(HTML.format(ground="#fff", faint=FAINT, more=""))
    assert await barriers(page) == []
    await page.set_content(HTML.format(ground="#333", faint=FAINT, more=""))  # the same words on another ground
    for _ in range(2):  # what was found once is found again
        assert [each.split(":")[0] for each in await barriers(page)] == ["color-contrast"]
    more = f'<button style="{FAINT}">Send it</button><input>'
    await page.set_content(HTML.format(ground="#fff", faint=FAINT, more=more))  # as faint as before, but switched on
    assert [each.split(":")[0] for each in await barriers(page)] == ["label", "color-contrast"]
