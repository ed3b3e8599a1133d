"""Being signed in, for tests of what comes after."""

from playwright.async_api import Page

from concierge.console.operators import add_operator
from tests.browser.stage import Stage

PASSWORD = "correct horse battery"


async def add_somebody(stage: Stage, role: str, *, platform: bool = False) -> None:
    """Somebody with this role, who is called by it."""
    runtime = stage.world.runtime
    tenant = await stage.world.one("select id from tenant order by created_at limit 1")
    async with runtime.begin() as conn:
        await add_operator(
            conn,
            tenant_id=tenant,
            login=role,
            name=role.title(),
            role=role,
            password=PASSWORD,
            now=runtime.clock(),
            platform=platform,
        )


async def enter(stage: Stage, page: Page, path: str = "", role: str = "admin", *, platform: bool = False) -> None:
    """They look at a page of the console; how they sign in by hand is tried once, in test_the_console.py."""
    await add_somebody(stage, role, platform=platform)
    answer = await page.request.post(
        f"{stage.url}/console/login", form={"login": role, "password": PASSWORD}, max_redirects=0
    )
    assert answer.status == 303
    await page.goto(f"{stage.url}/console{path}")


async def behind(page: Page, link: str) -> str:
    """The page that a link leads to, as whoever is signed in gets it: what it says needs not be drawn."""
    where = await page.get_by_role("link", name=link, exact=True).evaluate("link => link.href")
    return await (await page.request.get(where)).text()
