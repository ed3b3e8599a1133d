"""What the Graph simulator says back is what our readers understand, in any order and as often as it likes."""

import asyncio
from random import Random

import httpx
import pytest

from concierge.channels.instagram.reading import Instagram
from concierge.channels.model import Echo, Inbound, Receipt
from concierge.channels.whatsapp.reading import WhatsApp
from concierge.channels.whatsapp.sending import WhatsAppTransport
from concierge.errors import Unknown
from concierge.simulators.graph_api import says
from concierge.simulators.serving import Answer, Request, serving
from concierge.tls import trusted
from tests.contracts.channels import request
from tests.contracts.transports import PERSON, PHONE, InstagramStage, WhatsAppStage, message


async def test_statuses_doubled_and_shuffled_name_our_messages() -> None:
    async with WhatsAppStage.open() as stage:
        sent = [message(PHONE) for _ in range(3)]
        for each in sent:
            await stage.transport.send(each, stage.account)
        posts = stage.graph.statuses("sent", "delivered", "read", doubled=True, dice=Random(1))
        assert len(posts) == 18
        told = set()
        for headers, body in posts:
            raw = request(body, headers)
            assert WhatsApp().authentic(raw, [stage.graph.secret])
            [receipt] = WhatsApp().read(raw)
            assert isinstance(receipt, Receipt)
            told.add((receipt.outbound_id, receipt.status))
        assert told == {(each.id, status) for each in sent for status in ("sent", "delivered", "read")}
        assert posts != stage.graph.statuses("sent", "delivered", "read", doubled=True)
        await stage.transport.close()


async def test_an_echo_names_what_instagram_took() -> None:
    async with InstagramStage.open() as stage:
        accepted = await stage.transport.send(message(PERSON), stage.account)
        [(headers, body)] = stage.graph.echoes()
        assert Instagram().authentic(request(body, headers), [stage.graph.secret])
        [echo] = Instagram().read(request(body))
        assert isinstance(echo, Echo)
        assert (echo.account, echo.recipient) == (stage.account.external_id, PERSON)
        assert (echo.provider_message_id, echo.text) == (accepted.provider_message_id, "See you on Tuesday ✓")
        headers, body = stage.graph.heard(PERSON.value, "hello", mid="aWdf1")
        [heard] = Instagram().read(request(body, headers))
        assert isinstance(heard, Inbound)
        assert (heard.sender, heard.text) == (PERSON, "hello")
        await stage.transport.close()


async def test_a_slow_answer_is_given_late() -> None:
    async with WhatsAppStage.open() as stage:
        hasty = WhatsAppTransport(timeout=httpx.Timeout(0.2))
        stage.graph.next(says(200, b"{}", accepting=True, after=5))
        with pytest.raises(Unknown):
            await hasty.send(message(PHONE), stage.account)
        assert len(stage.graph.accepted) == 1
        await hasty.close()
        await stage.transport.close()


async def test_an_uploaded_file_can_be_fetched() -> None:
    async with WhatsAppStage.open() as stage, httpx.AsyncClient(base_url=stage.graph.url, verify=trusted()) as client:
        headers = {"authorization": f"Bearer {stage.graph.token}", "content-type": "audio/ogg"}
        path = f"/v25.0/{stage.graph.phone_number_id}/media"
        id = (await client.post(path, content=b"OggS", headers=headers)).json()["id"]
        place = (await client.get(f"/v25.0/{id}", headers=headers)).json()
        assert (place["file_size"], place["mime_type"]) == (4, "audio/ogg")
        assert (await client.get(place["url"], headers=headers)).content == b"OggS"
        assert (await client.get(place["url"])).status_code == 401
        await stage.transport.close()


async def test_webhooks_are_posted_all_at_once() -> None:
    together = asyncio.Barrier(4)

    async def ours(request: Request) -> Answer:
        async with asyncio.timeout(5):
            await together.wait()
        return Answer(200)

    async with WhatsAppStage.open() as stage, serving(ours) as url:
        await stage.transport.send(message(PHONE), stage.account)
        posts = stage.graph.statuses("sent", "read", doubled=True)
        assert await stage.graph.deliver(url, posts) == [200] * 4
        await stage.transport.close()
