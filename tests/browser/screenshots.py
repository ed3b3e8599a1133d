"""Pictures of the console for the README: `python -m tests.browser.screenshots` (`make screenshots`).

A day of a small business is played through the real doors, then looked at: what the pictures show has happened.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from playwright.async_api import Browser, async_playwright

from concierge.errors import Refused
from concierge.llm.local import LocalModel
from concierge.postgres.embedded import EmbeddedPostgres
from concierge.postgres.migrate import migrate
from concierge.running import free_port
from tests.bookings import HEADERS
from tests.browser.conftest import FLAGS, chromium
from tests.browser.entering import enter
from tests.browser.stage import Stage
from tests.fakes import FrozenClock
from tests.world import World, open_world

IMAGES = Path(__file__).parents[2] / "docs" / "images"
LARGEST = 150_000  # bytes of a picture
VIEW = {"width": 1040, "height": 680}
TALL = {"width": 1040, "height": 960}
PEOPLE = ("Alice Moreau", "Bob Tanner", "Chiara Rossi", "Deniz Kaya", "Emma Lind", "Farid Haddad", "Greta Novak")
WORDS = (
    "Please remind me tomorrow at 9am to send the offer to the Miller family",
    "Follow up with the plumber about the leak on Friday at 2pm",
    "Remind me to renew the insurance sometime next month",
    "Please draft a note to Bob about the invoice tomorrow at 9am",
    "Can you remind me on Monday morning to call the dentist?",
    "Thank you, that was quick!",
)

DRAFTED = "Please draft a note to Bob about the invoice in two hours"


async def main() -> int:
    """Take them all; 1 where there is no browser or a picture is too large."""
    if chromium() is None:
        print("no browser: install Debian's chromium, or set CHROMIUM", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    async with _stage() as stage, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        await _picture_all(stage, browser)
        await browser.close()
    sizes = {each.name: each.stat().st_size for each in sorted(IMAGES.glob("*.png"))}
    print(*(f"{name}  {size / 1000:.0f} kB" for name, size in sizes.items()), sep="\n")
    return int(any(size > LARGEST for size in sizes.values()))


async def _picture_all(stage: Stage, browser: Browser) -> None:
    context = await browser.new_context(viewport=VIEW, locale="en-GB", timezone_id="Europe/Berlin")  # type: ignore[arg-type]
    page = await context.new_page()
    await enter(stage, page, platform=True)
    pictures = {
        "overview": "",
        "conversation": f"/inbox/{await _one(stage, 'conversation_id')}",
        "follow-up": f"/follow-ups/{await _one(stage, 'id')}",
        "booking": f"/bookings/{await stage.world.one('select id from booking limit 1')}",
    }
    for name, path in pictures.items():
        await page.set_viewport_size(TALL if name == "overview" else VIEW)  # type: ignore[arg-type]
        await page.goto(f"{stage.url}/console{path}")
        await page.screenshot(path=IMAGES / f"{name}.png")


async def _one(stage: Stage, column: str) -> Any:
    """The follow-up whose draft is the most to look at, or what it belongs to."""
    return await stage.world.one(
        f"select {column} from task where kind = 'remind_and_draft' and status = 'done' order by due_at limit 1"  # type: ignore[arg-type]
    )


@asynccontextmanager
async def _stage() -> AsyncIterator[Stage]:
    """A world after its day, served, with a worker alive."""
    clock, port = FrozenClock(datetime.now(UTC) - timedelta(hours=26)), free_port()
    with EmbeddedPostgres(None, durable=False) as postgres:
        await migrate(postgres.url, lambda _line: None)
        async with open_world(
            postgres.url,
            clock,
            arrange=lambda runtime: msgspec.structs.replace(runtime, models={"local": LocalModel()}),
            PORT=str(port),
            TENANT_NAME="Hearth & Home Repairs",
        ) as world:
            await _play(world, clock)
            stage = Stage(world, port)
            await stage.start()
            worker = asyncio.create_task(world.app.run_worker_async(install_signal_handlers=False))
            try:
                yield stage
            finally:
                worker.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await worker
                await stage.stop()


async def _play(world: World, clock: FrozenClock) -> None:
    """What happens in a day: mostly by day, mostly well."""
    dice, begun = Random(7), clock()
    for n in range(96):
        clock.now = begun + timedelta(minutes=16 * n + dice.randint(0, 9))
        awake = 7 <= clock.now.hour <= 19
        for k in range(dice.randint(1, 5) if awake else dice.randint(0, 1)):
            name, text = dice.choice(PEOPLE), dice.choice(WORDS)
            world.outside.outcomes = [Refused("no such mailbox")] if dice.random() < 0.1 else []
            sender = f"{name} <{name.split()[0].lower()}@example.com>"
            if dice.random() < 0.5:
                await world.email(text, id=f"mail-{n}-{k}", **{"from": sender})
            else:
                await world.whatsapp(text, id=f"wamid.{n}.{k}", sender=f"4915112345{PEOPLE.index(name):03d}")
        if n == 0:  # its reminder and draft are there by the end, whatever the hour is now
            await world.email(DRAFTED, id="mail-first", **{"from": "Alice Moreau <alice@example.com>"})
        if n == 80:
            booking = {
                "customer": {"name": "Emma Lind", "email": "emma@example.com"},
                "service": "Boiler service",
                "provider": "Sam",
                "location": "12 Mill Lane",
                "starts_at": (clock.now + timedelta(hours=29)).isoformat(),
            }
            answer = await world.client.post("/v1/bookings", json=booking, headers=HEADERS)
            answer.raise_for_status()
        await world.tick()
    clock.now = datetime.now(UTC)
    await world.email(WORDS[0], id="mail-last", **{"from": "Alice Moreau <alice@example.com>"})
    await world.tick()


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
