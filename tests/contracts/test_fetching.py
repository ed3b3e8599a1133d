"""Getting templates and files from Meta: all of them, from nowhere else, and never more than was asked for."""

from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import httpx
import msgspec
import pytest

from concierge.channels.abilities import Fetched, Fetcher
from concierge.channels.downloading import download
from concierge.channels.model import Attachment, ChannelAccount
from concierge.errors import AccountStopped, NotAccepted, Refused, SendError
from concierge.simulators.graph_api import drop, error, says
from concierge.simulators.serving import Answer, Request, serving
from concierge.tls import trusted
from tests.contracts.transports import InstagramStage, WhatsAppStage, free_port
from tests.each import each

VOICE = b"OggS" * 50
DIGEST = sha256(VOICE).hexdigest()
ID = "1234567890123456"


def note(**more: object) -> Attachment:
    fields: dict[str, Any] = {"kind": "voice", "locator": ID, "mime_type": "audio/ogg; codecs=opus", "sha256": DIGEST}
    return Attachment(**fields | more)


@pytest.fixture
async def stage() -> AsyncIterator[WhatsAppStage]:
    async with WhatsAppStage.open() as stage:
        stage.graph.media[ID] = (VOICE, "audio/ogg")
        stage.account.settings["media_hosts"] = [stage.graph.url]
        stage.account.settings["business_account_id"] = stage.graph.business_account_id
        yield stage
        await stage.transport.close()


class TestTemplates:
    async def test_every_page_is_read(self, stage: WhatsAppStage) -> None:
        stage.graph.templates = [
            {"id": str(n), "name": f"t{n}", "language": "en", "category": "UTILITY", "status": "APPROVED"}
            | {"components": [{"type": "BODY", "text": "Hi"}]}
            for n in range(5)
        ]
        found = await stage.transport.templates(stage.account)
        assert [each.name for each in found] == ["t0", "t1", "t2", "t3", "t4"]
        assert stage.graph.requests == 3
        assert (found[0].category, found[0].status, found[0].components[0]["text"]) == ("UTILITY", "APPROVED", "Hi")

    async def test_there_may_be_none(self, stage: WhatsAppStage) -> None:
        assert await stage.transport.templates(stage.account) == []

    async def test_without_the_businesss_id_nobody_is_asked(self, stage: WhatsAppStage) -> None:
        del stage.account.settings["business_account_id"]
        with pytest.raises(AccountStopped):
            await stage.transport.templates(stage.account)
        assert stage.graph.requests == 0

    @pytest.mark.parametrize(
        ("behaviour", "outcome"),
        [
            (says(500), NotAccepted),  # a question can be asked again
            (drop(accepting=False), NotAccepted),
            (says(200, b"<html>"), NotAccepted),
            (error(80007), NotAccepted),
            (error(100), Refused),
            (error(190, 401), AccountStopped),
        ],
    )
    async def test_what_goes_wrong(self, stage: WhatsAppStage, behaviour: Any, outcome: type[SendError]) -> None:
        stage.graph.next(behaviour, behaviour)  # a question may be asked again where a kept connection is closed
        with pytest.raises(outcome) as raised:
            await stage.transport.templates(stage.account)
        assert type(raised.value) is outcome


class TestWhatsAppMedia:
    async def test_the_bytes_behind_an_id(self, stage: WhatsAppStage) -> None:
        fetcher: Fetcher = stage.transport
        assert await fetcher.fetch(note(), stage.account, limit=200) == Fetched(VOICE, "audio/ogg")

    async def test_the_bytes_behind_a_url(self, stage: WhatsAppStage) -> None:
        url = f"{stage.graph.url}/cdn/file/{ID}"
        assert (await stage.transport.fetch(note(locator=url), stage.account, limit=200)).content == VOICE

    async def test_too_many_bytes_are_refused_before_they_come(self, stage: WhatsAppStage) -> None:
        with pytest.raises(Refused) as raised:
            await stage.transport.fetch(note(), stage.account, limit=199)
        assert (raised.value.code, stage.graph.requests) == ("too-large", 1)

    async def test_other_bytes_than_announced(self, stage: WhatsAppStage) -> None:
        with pytest.raises(NotAccepted) as raised:
            await stage.transport.fetch(note(sha256="0" * 64), stage.account, limit=200)
        assert raised.value.code == "sha256"

    async def test_the_token_goes_to_nobody_else(self, stage: WhatsAppStage) -> None:
        seen: list[Request] = []

        async def elsewhere(request: Request) -> Answer:
            seen.append(request)
            return Answer(200, VOICE)

        async with serving(elsewhere) as url:
            for locator in (
                f"{url}/x",
                url.replace("127.0.0.1", "localhost"),
                "http://169.254.169.254/latest",
                "file:///",
            ):
                stage.graph.next(says(200, msgspec.json.encode({"url": locator})))
                with pytest.raises(Refused) as raised:
                    await stage.transport.fetch(note(), stage.account, limit=200)
                assert raised.value.code == "host"
        assert seen == []

    @pytest.mark.parametrize(
        ("behaviours", "outcome"),
        [
            ([error(131052)], Refused),
            ([error(190, 401)], AccountStopped),
            ([says(200, b"{}")], NotAccepted),
            ([drop(accepting=False)] * 2, NotAccepted),  # asked again where a kept connection is closed
        ],
    )
    async def test_what_goes_wrong(self, stage: WhatsAppStage, behaviours: Any, outcome: type[SendError]) -> None:
        stage.graph.next(*behaviours)
        with pytest.raises(outcome) as raised:
            await stage.transport.fetch(note(), stage.account, limit=200)
        assert type(raised.value) is outcome

    async def test_a_file_that_is_gone(self, stage: WhatsAppStage) -> None:
        with pytest.raises(Refused):
            await stage.transport.fetch(note(locator="999"), stage.account, limit=200)


class TestInstagramMedia:
    async def test_the_bytes_need_no_token(self) -> None:
        async def cdn(request: Request) -> Answer:
            assert "authorization" not in request.headers
            return Answer(200, b"GIF89a", {"content-type": "image/gif"})

        async with InstagramStage.open() as stage, serving(cdn) as url:
            account = self.beside(stage.account, url)
            picture = Attachment(kind="image", locator=f"{url}/ig_messaging_cdn/?asset_id=1")
            assert await stage.transport.fetch(picture, account, limit=6) == Fetched(b"GIF89a", "image/gif")
            with pytest.raises(Refused):
                await stage.transport.fetch(picture, stage.account, limit=6)
            await stage.transport.close()

    def beside(self, account: ChannelAccount, url: str) -> ChannelAccount:
        return msgspec.structs.replace(account, settings={**account.settings, "media_hosts": [url]})


class TestDownloading:
    @pytest.fixture
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(timeout=1, verify=trusted()) as client:
            yield client

    async def test_a_redirect_leads_to_allowed_hosts_only(self, client: httpx.AsyncClient) -> None:
        tokens: list[str | None] = []

        async def answer(request: Request) -> Answer:
            tokens.append(request.headers.get("authorization"))
            if request.path == "/inside":
                return Answer(302, b"", {"location": "/file"})
            if request.path == "/outside":
                return Answer(302, b"", {"location": "http://169.254.169.254/latest/meta-data"})
            if request.path == "/round":
                return Answer(302, b"", {"location": "/round"})
            return Answer(200, b"here")

        async with serving(answer) as url:
            hosts, headers = [url], {"authorization": "Bearer secret"}
            assert (await download(client, f"{url}/inside", hosts=hosts, limit=9, headers=headers)).content == b"here"
            assert tokens == ["Bearer secret", None]
            for path, code in (("outside", "host"), ("round", "too-many-redirects")):
                with pytest.raises(Refused) as raised:
                    await download(client, f"{url}/{path}", hosts=hosts, limit=9, headers=headers)
                assert raised.value.code == code

    @pytest.mark.parametrize(
        ("answer", "outcome", "code"),
        [
            (Answer(200, b"x" * 11), Refused, "too-large"),
            (Answer(404), Refused, "http-404"),
            (Answer(429), NotAccepted, "http-429"),
            (Answer(503), NotAccepted, "http-503"),
            (None, NotAccepted, "no-answer"),
        ],
    )
    async def test_what_goes_wrong(
        self, client: httpx.AsyncClient, answer: Answer | None, outcome: type[SendError], code: str
    ) -> None:
        async def answering(request: Request) -> Answer | None:
            return answer

        async with serving(answering) as url:
            with pytest.raises(outcome) as raised:
                await download(client, f"{url}/x", hosts=[url], limit=10)
            assert raised.value.code == code

    async def test_nobody_there_is_worth_another_try(self, client: httpx.AsyncClient) -> None:
        url = f"http://127.0.0.1:{free_port()}"
        with pytest.raises(NotAccepted):
            await download(client, f"{url}/x", hosts=[url], limit=10)

    @each(
        "url",
        [
            "http://lookaside.fbsbx.com/x",  # not encrypted
            "https://lookaside.fbsbx.com.evil.example/x",
            "https://evil.example/lookaside.fbsbx.com",
            "https://lookaside.fbsbx.com:8443/x",
            "https://user:pass@lookaside.fbsbx.com/x",
            "https://evilfbcdn.net/x",
            "https://10.0.0.1/x",
            "//lookaside.fbsbx.com/x",
            "data:text/plain,x",
            "",
            "https://",
            "https://[::1",
        ],
    )
    async def test_no_other_host_is_asked(self, client: httpx.AsyncClient, url: str) -> None:
        with pytest.raises(Refused) as raised:
            await download(client, url, hosts=["lookaside.fbsbx.com", ".fbcdn.net"], limit=10)
        assert raised.value.code == "host"
