"""What a webhook only points to is fetched, or the vendor is asked to come again."""

import json
from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest

from concierge.channels.email import brevo
from concierge.channels.email.resend import Resend
from concierge.channels.email.ses_webhook import SesWebhook
from concierge.channels.model import ChannelAccount, Credentials, Event, Inbound
from concierge.errors import NotStored
from concierge.simulators.serving import Answer, Request, serving
from tests.contracts.channels import PAYLOADS, request
from tests.contracts.transports import account, free_port
from tests.simulators.resend_api import ResendApi
from tests.simulators.ses import REGION, Ses

BUCKET, KEY = "concierge-mail", "in/d6iitobk75ur44p8kdnnp7g2n800"
MAIL = (PAYLOADS / "email/raw/attachments.eml").read_bytes()
OURS = "concierge@example.com"


def pointer(name: str) -> bytes:
    return (PAYLOADS / "email" / name).read_bytes()


def only(events: list[Event]) -> Inbound:
    (event,) = events
    assert isinstance(event, Inbound)
    return event


class TestResend:
    ID = "56761188-7520-42d8-8898-ff6fc54ce618"

    @pytest.fixture
    async def api(self) -> AsyncIterator[ResendApi]:
        async with ResendApi().serving() as api:
            yield api

    @pytest.fixture
    async def channel(self) -> AsyncIterator[Resend]:
        channel = Resend()
        yield channel
        await channel.close()

    def account(self, api: ResendApi, key: str = "re_123") -> ChannelAccount:
        return account("sandbox", OURS, settings={"resend_base_url": api.url}, access_token=key)

    async def test_the_raw_mail_takes_the_pointers_place(self, api: ResendApi, channel: Resend) -> None:
        api.mails[self.ID] = MAIL
        found = channel.read(request(pointer("resend/received.json")))
        mail = only(await channel.completed(found, {OURS: self.account(api)}))
        assert (mail.kind, mail.account, mail.text) == ("text", OURS, "The contract is attached.")
        assert mail.raw == MAIL
        assert len(mail.attachments) == 3
        assert mail.provider_message_id == only(found).provider_message_id == "rs-1@mail.example.org"

    async def test_without_it_the_parsed_fields_do(self, api: ResendApi, channel: Resend) -> None:
        headers = {"auto-submitted": "auto-replied", "references": ["<a@example.com>"]}
        api.mails[self.ID] = {"text": None, "html": "<p>Call <b>Bob</b></p>", "headers": headers}
        found = channel.read(request(pointer("resend/received.json")))
        mail = only(await channel.completed(found, {OURS: self.account(api)}))
        assert (mail.text, mail.automated, mail.thread) == ("Call Bob", "auto-submitted", ("a@example.com",))
        assert (mail.sender.value, mail.subject) == ("alice@example.org", "Follow up")

    @pytest.mark.parametrize("what", ["down", "gone", "wrong key"])
    async def test_failing_means_later(self, api: ResendApi, channel: Resend, what: str) -> None:
        api.mails = {} if what == "gone" else {self.ID: MAIL}
        api.answering = what != "down"
        ours = self.account(api, key="re_other" if what == "wrong key" else "re_123")
        with pytest.raises(NotStored):
            await channel.completed(channel.read(request(pointer("resend/received.json"))), {OURS: ours})

    async def test_mail_for_nobody_stays_a_pointer(self, channel: Resend) -> None:
        found = channel.read(request(pointer("resend/received.json")))
        assert await channel.completed(found, {}) == found


@pytest.fixture(scope="module")
def moto() -> Iterator[Ses]:
    with Ses() as aws:
        yield aws


class TestS3:
    @pytest.fixture
    async def channel(self) -> AsyncIterator[SesWebhook]:
        channel = SesWebhook()
        yield channel
        await channel.close()

    def account(self, url: str) -> ChannelAccount:
        keys = {"aws_access_key_id": "AKID", "aws_secret_access_key": "secret"}
        return account("ses", OURS, settings={"region": REGION, "s3_endpoint_url": url}, **keys)

    async def test_the_object_takes_the_pointers_place(self, moto: Ses, channel: SesWebhook) -> None:
        s3 = moto.bucket(BUCKET)
        s3.put_object(Bucket=BUCKET, Key=KEY, Body=MAIL)
        s3.close()
        found = channel.read(request(pointer("ses/received_in_s3.json")))
        mail = only(await channel.completed(found, {OURS: self.account(moto.url)}))
        assert (mail.kind, mail.text, mail.raw) == ("text", "The contract is attached.", MAIL)
        assert mail.provider_message_id == only(found).provider_message_id

    async def test_an_object_that_is_not_there_means_later(self, moto: Ses, channel: SesWebhook) -> None:
        there = only(channel.read(request(pointer("ses/received_in_s3.json"))))
        found = [msgspec.structs.replace(there, raw=there.raw.replace(b"in/d6ii", b"in/none"))]
        for url in (moto.url, f"http://127.0.0.1:{free_port()}"):
            with pytest.raises(NotStored):
                await channel.completed(found, {OURS: self.account(url)})


async def test_brevo_gives_an_attachment_for_its_token() -> None:
    seen: list[Request] = []

    async def answer(asked: Request) -> Answer:
        seen.append(asked)
        return Answer(200, b"%PDF") if asked.headers.get("api-key") == "xkeysib" else Answer(401)

    async with serving(answer) as url:
        ours = account("sandbox", OURS, settings={"brevo_base_url": url}, access_token="xkeysib")
        assert await brevo.fetched("brevo:a/b", ours) == b"%PDF"
        assert seen[0].path == "/inbound/attachments/a%2Fb"
        with pytest.raises(NotStored):
            await brevo.fetched("brevo:a", msgspec.structs.replace(ours, credentials=Credentials()))


def test_a_pointer_says_where_the_mail_is() -> None:
    inner = json.loads(json.loads(pointer("ses/received_in_s3.json"))["Message"])
    assert (inner["receipt"]["action"]["bucketName"], inner["receipt"]["action"]["objectKey"]) == (BUCKET, KEY)
