"""What `concierge simulate` starts: it writes to us and reports to us as Meta does, and shows what a phone would."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random

import httpx
import pytest

from concierge import settings as environment
from concierge.channels.instagram.reading import Instagram
from concierge.channels.instagram.sending import InstagramTransport
from concierge.channels.model import Echo, Inbound, Receipt
from concierge.channels.whatsapp.reading import WhatsApp
from concierge.channels.whatsapp.sending import WhatsAppTransport
from concierge.cli import main
from concierge.errors import ConciergeError, NotAccepted, Unknown
from concierge.running import free_port
from concierge.settings import Settings
from concierge.simulators.accounts import accounts
from concierge.simulators.meta import Meta
from concierge.simulators.serving import Answer, Request, serving
from concierge.simulators.terminal import act
from tests.contracts.channels import request
from tests.contracts.transports import PERSON, PHONE, account, message
from tests.world import SECRET_KEY

AT_ONCE = (("sent", 0.0), ("delivered", 0.05), ("read", 0.1))


class Stage:
    """The simulator in Meta's place, and in ours a server that keeps what it is told."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.heard: list[Request] = []
        self.answers = 200
        url, token = settings.whatsapp_base_url, settings.whatsapp_access_token
        assert token is not None
        place = {"settings": {"base_url": url}, "access_token": token.reveal()}
        self.whatsapp = account("whatsapp", settings.whatsapp_phone_number_id, **place)  # type: ignore[arg-type]
        self.instagram = account("instagram", settings.instagram_account_id or "", **place)  # type: ignore[arg-type]

    async def say(self, text: str, *, channel: str = "whatsapp", person: str = PHONE.value, wait: float = 0.0) -> None:
        await act(self.settings, "say", text, channel=channel, person=person, wait=wait)

    def events(self, reader: WhatsApp | Instagram) -> list[object]:
        secret = self.settings.whatsapp_app_secret
        assert secret is not None
        found: list[object] = []
        for each in self.heard:
            if each.path.endswith(reader.name):
                raw = request(each.body, each.headers)
                assert reader.authentic(raw, [secret.reveal()])
                found += reader.read(raw)
        return found


@asynccontextmanager
async def stage(*, dice: Random | None = None) -> AsyncIterator[Stage]:
    async def ours(request: Request) -> Answer:
        opened.heard.append(request)
        return Answer(opened.answers)

    async with serving(ours) as url:
        opened = Stage(
            environment.load(
                {
                    "CONCIERGE_ENV": "development",
                    "DATABASE_URL": "postgresql://nowhere",
                    "CONCIERGE_SECRET_KEYS": SECRET_KEY,
                    "PORT": url.rpartition(":")[2],
                    **accounts(free_port()),
                }
            )
        )
        async with Meta(opened.settings, dice=dice, course=AT_ONCE).serving():
            yield opened


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)


async def test_a_conversation_by_whatsapp_shows_its_ticks(capsys: pytest.CaptureFixture[str]) -> None:
    transport = WhatsAppTransport()
    async with stage() as opened:
        sent = message(PHONE, text="Got it.")

        async def answer() -> str | None:
            await until(lambda: len(opened.heard) == 1)
            return (await transport.send(sent, opened.whatsapp)).provider_message_id

        _, id = await asyncio.gather(opened.say("Call Bob tomorrow at 3pm", wait=1.5), answer())
        heard, *receipts = opened.events(WhatsApp())
        assert isinstance(heard, Inbound)
        assert (heard.sender, heard.text) == (PHONE, "Call Bob tomorrow at 3pm")
        told = {(each.outbound_id, each.provider_message_id, each.status) for each in receipts}  # type: ignore[attr-defined]
        assert told == {(sent.id, id, status) for status in ("sent", "delivered", "read")}
        said = [line[10:] for line in capsys.readouterr().out.splitlines()]
        assert said == ["you        Call Bob tomorrow at 3pm  ✓✓", "Concierge  Got it.  ✓✓ read"]
    await transport.close()


async def test_a_conversation_by_instagram_has_echoes() -> None:
    transport = InstagramTransport()
    async with stage() as opened:
        await opened.say("hello", channel="instagram", person=PERSON.value)
        accepted = await transport.send(message(PERSON, text="Hello!"), opened.instagram)
        await until(lambda: len(opened.heard) == 3)
        heard, *told = opened.events(Instagram())
        assert isinstance(heard, Inbound)
        echo, read = sorted(told, key=lambda each: type(each).__name__)
        assert isinstance(echo, Echo)
        assert echo.provider_message_id == accepted.provider_message_id
        assert isinstance(read, Receipt)
        assert (read.status, read.provider_message_id) == ("read", accepted.provider_message_id)
    await transport.close()


async def test_mischief_on_command() -> None:
    transport = WhatsAppTransport(timeout=httpx.Timeout(2))
    async with stage(dice=Random(1)) as opened:
        for word, outcome in (("131056", NotAccepted), ("lost", Unknown)):
            await act(opened.settings, "next", word, channel="whatsapp", person=None, wait=None)
            with pytest.raises(outcome):
                await transport.send(message(PHONE), opened.whatsapp)
        await until(lambda: len(opened.heard) == 6)  # what was lost is reported all the same, and twice
        with pytest.raises(ConciergeError, match="not an error code"):
            await act(opened.settings, "next", "nothing", channel="whatsapp", person=None, wait=None)
        opened.answers = 503
        with pytest.raises(ConciergeError, match="not taken"):
            await opened.say("hello")
    with pytest.raises(ConciergeError, match="no simulator answers"):
        await opened.say("hello")
    await transport.close()


def test_a_simulator_keeps_away_from_real_businesses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere")
    assert main(["run", "--simulate"]) == 1
    assert "without DATABASE_URL" in capsys.readouterr().err
    monkeypatch.setenv("CONCIERGE_ENV", "production")
    assert main(["run", "--simulate"]) == 1
    assert "CONCIERGE_ENV" in capsys.readouterr().err
    monkeypatch.setenv("CONCIERGE_ENV", "development")
    monkeypatch.setenv("CONCIERGE_SECRET_KEYS", SECRET_KEY)
    assert main(["simulate", "say", "hello"]) == 1
    assert "https://graph.facebook.com, which is no simulator" in capsys.readouterr().err
