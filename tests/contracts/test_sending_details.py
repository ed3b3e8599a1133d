"""What each vendor is handed, down to the bytes, and what is refused before anything is sent."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from email import message_from_bytes, message_from_string
from email.policy import default
from uuid import UUID

import httpx
import msgspec
import pytest

from concierge.channels.email.ses import SesTransport
from concierge.channels.email.smtp import SmtpTransport
from concierge.channels.model import Address, ChannelAccount, Credentials, Raw, Receipt
from concierge.channels.whatsapp.reading import WhatsApp
from concierge.channels.whatsapp.sending import WhatsAppTransport
from concierge.errors import AccountStopped, NotAccepted, Refused, SendError, Unknown
from concierge.simulators.graph_api import drop, error, says
from concierge.simulators.serving import Request, listening, serving
from tests.contracts.transports import CREATED_AT, MAILBOX, PHONE, SmtpStage, WhatsAppStage, account, free_port, message
from tests.each import each
from tests.simulators.ses import REGION, Ses

OURS = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


class TestWhatsApp:
    @pytest.fixture
    async def stage(self) -> AsyncIterator[WhatsAppStage]:
        async with WhatsAppStage.open() as stage:
            yield stage
            await stage.transport.close()

    async def test_a_text_to_a_phone(self, stage: WhatsAppStage) -> None:
        sent = message(PHONE, id=OURS, quotes="wamid.HBgNquoted")
        accepted = await stage.transport.send(sent, stage.account)
        assert accepted.provider_message_id == "wamid.SIM00000001"
        assert stage.graph.accepted == [
            {
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": "+5511987654321",
                "type": "text",
                "text": {"body": "See you on Tuesday ✓", "preview_url": False},
                "context": {"message_id": "wamid.HBgNquoted"},
                "biz_opaque_callback_data": f"v1:{OURS}:1",
                "wamid": "wamid.SIM00000001",
            }
        ]

    async def test_a_text_to_somebody_without_a_phone(self, stage: WhatsAppStage) -> None:
        await stage.transport.send(message(Address(kind="bsuid", value="US.1349")), stage.account)
        assert stage.graph.accepted[0]["recipient"] == "US.1349"
        assert "to" not in stage.graph.accepted[0]

    async def test_a_status_finds_its_message(self, stage: WhatsAppStage) -> None:
        stage.graph.next(drop(accepting=True))
        with pytest.raises(Unknown):
            await stage.transport.send(message(PHONE, id=OURS), stage.account)
        headers, body = stage.graph.status(stage.graph.accepted[0], "delivered")
        raw = Raw(headers=headers, body=body, received_at=CREATED_AT)
        assert WhatsApp().authentic(raw, [stage.graph.secret])
        [receipt] = WhatsApp().read(raw)
        assert isinstance(receipt, Receipt)
        assert (receipt.account, receipt.status) == (stage.account.external_id, "delivered")
        assert (receipt.outbound_id, receipt.attempt) == (OURS, 1)

    async def test_a_slow_answer_is_unknown(self, stage: WhatsAppStage) -> None:
        hasty = WhatsAppTransport(timeout=httpx.Timeout(0.2))
        stage.graph.next(drop(accepting=True, after=5))
        with pytest.raises(Unknown) as raised:
            await hasty.send(message(PHONE), stage.account)
        assert raised.value.code == "no-answer"
        await hasty.close()

    @each("body", [b"", b"{}", b'{"messages": []}', b'{"messages": [{}]}', b"<html>"])
    async def test_a_2xx_that_cannot_be_read_is_unknown(self, stage: WhatsAppStage, body: bytes) -> None:
        stage.graph.next(says(200, body, accepting=True))
        with pytest.raises(Unknown) as raised:
            await stage.transport.send(message(PHONE), stage.account)
        assert raised.value.code == "unreadable"

    async def test_the_answer_is_kept_shortened(self, stage: WhatsAppStage) -> None:
        stage.graph.next(error(100, message="x" * 5000))
        with pytest.raises(Refused) as raised:
            await stage.transport.send(message(PHONE), stage.account)
        assert len(raised.value.response or "") == 2000

    @each(
        ("sent", "code"),
        [
            (message(PHONE, text="x" * 4097), "text-too-long"),
            (message(MAILBOX), "recipient-kind"),
        ],
    )
    async def test_what_it_cannot_carry_is_refused(self, stage: WhatsAppStage, sent: object, code: str) -> None:
        with pytest.raises(Refused) as raised:
            await stage.transport.send(sent, stage.account)  # type: ignore[arg-type]
        assert (raised.value.code, stage.graph.requests) == (code, 0)

    @each("token", [None, "", "schlüssel", "two\r\nlines"])
    async def test_no_usable_token_stops_the_account(self, stage: WhatsAppStage, token: str | None) -> None:
        broken = msgspec.structs.replace(stage.account, credentials=Credentials(access_token=token))
        with pytest.raises(AccountStopped):
            await stage.transport.send(message(PHONE), broken)

    @each("url", ["ftp://graph.example", "nonsense", "http://graph:port"])
    async def test_an_unusable_base_url_stops_the_account(self, stage: WhatsAppStage, url: str) -> None:
        broken = msgspec.structs.replace(stage.account, settings={"base_url": url})
        with pytest.raises(AccountStopped) as raised:
            await stage.transport.send(message(PHONE), broken)
        assert raised.value.code == "base-url"

    async def test_many_at_once(self, stage: WhatsAppStage) -> None:
        sent = [message(PHONE) for _ in range(50)]
        answers = await asyncio.gather(*(stage.transport.send(one, stage.account) for one in sent))
        assert len({answer.provider_message_id for answer in answers}) == 50


class TestSmtp:
    async def test_the_mail_arrives_as_composed(self) -> None:
        async with SmtpStage.open() as stage:
            sent = message(MAILBOX, id=OURS, subject="Dentist", text=".\n.dots\nünï", quotes="msg-001")
            accepted = await stage.transport.send(sent, stage.account)
            [received] = stage.server.received
            mail = message_from_bytes(received.content, policy=default)
            assert accepted.provider_message_id == f"{OURS}@example.com"
            assert (received.sender, received.recipients) == ("app@example.com", ["alice@example.org"])
            assert (mail["message-id"], mail["in-reply-to"]) == (f"<{OURS}@example.com>", "<msg-001>")
            assert mail.get_body(("plain",)).get_content().splitlines() == [".", ".dots", "ünï"]
            assert "<br>\r\nünï</p>" in mail.get_body(("html",)).get_content()

    @each("url", [None, "", "http://mx.test", "smtp://", "smtp://mx:port", "smtp://mx:0"])
    async def test_an_unusable_url_stops_the_account(self, url: str | None) -> None:
        stopped = account("smtp", "app@example.com")
        stopped = msgspec.structs.replace(stopped, credentials=Credentials(smtp_url=url))
        with pytest.raises(AccountStopped) as raised:
            await SmtpTransport().send(message(MAILBOX), stopped)
        assert raised.value.code == "smtp-url"

    async def test_a_server_without_logins_stops_the_account(self) -> None:
        await self._greeted(b"220 mx.test\r\n", b"250 mx.test\r\n", outcome=AccountStopped)

    async def test_a_refusing_greeting_stops_the_account(self) -> None:
        await self._greeted(b"554 go away\r\n", b"", outcome=AccountStopped)

    async def test_a_busy_greeting_is_not_accepted(self) -> None:
        await self._greeted(b"421 busy\r\n", b"", outcome=NotAccepted)

    async def _greeted(self, greeting: bytes, answer: bytes, *, outcome: type[SendError]) -> None:
        async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(greeting)
            while await reader.readline():
                writer.write(answer)

        async with listening(conversation) as port:
            mine = account("smtp", "app@example.com", smtp_url=f"smtp://user:password@127.0.0.1:{port}")
            with pytest.raises(outcome):
                await SmtpTransport(timeout=1).send(message(MAILBOX), mine)


@pytest.fixture(scope="module")
def moto() -> Iterator[Ses]:
    with Ses() as ses:
        yield ses


class TestSes:
    @pytest.fixture
    async def ses(self, moto: Ses) -> AsyncIterator[SesTransport]:
        moto.reset()
        transport = SesTransport()
        yield transport
        await transport.close()

    def account(self, url: str, **settings: object) -> ChannelAccount:
        where = {"region": REGION, "endpoint_url": url, **settings}
        return account(
            "ses", "app@example.com", settings=where, aws_access_key_id="AKID", aws_secret_access_key="secret"
        )

    async def test_the_mail_arrives_as_composed(self, moto: Ses, ses: SesTransport) -> None:
        moto.verify("example.com")
        sent = message(MAILBOX, id=OURS, subject="Dentist ✓", quotes="msg-001")
        accepted = await ses.send(sent, self.account(moto.url, from_name="The Desk"))
        [raw] = moto.sent()
        mail = message_from_string(raw, policy=default)
        assert accepted.provider_message_id
        assert (mail["from"], mail["to"]) == ("The Desk <app@example.com>", "alice@example.org")
        assert (mail["subject"], mail["in-reply-to"]) == ("Re: Dentist ✓", "<msg-001>")
        assert mail.get_body(("plain",)).get_content().strip() == "See you on Tuesday ✓"

    async def test_an_unverified_sender_is_refused(self, moto: Ses, ses: SesTransport) -> None:
        with pytest.raises(Refused) as raised:
            await ses.send(message(MAILBOX), self.account(moto.url))
        assert raised.value.code == "MessageRejected"

    async def test_the_request_carries_our_id_and_the_configuration_set(self, ses: SesTransport) -> None:
        seen: list[Request] = []

        async def answer(request: Request) -> None:
            seen.append(request)

        async with serving(answer) as url:
            with pytest.raises(Unknown):
                await ses.send(message(MAILBOX, id=OURS), self.account(url, configuration_set="receipts"))
        [request] = [one.json() for one in seen]
        assert {each["Name"]: each["Value"] for each in request["EmailTags"]} == {
            "outbound_id": str(OURS),
            "attempt": "1",
        }
        assert request["ConfigurationSetName"] == "receipts"

    async def test_one_client_serves_all_messages_of_an_account(self, moto: Ses, ses: SesTransport) -> None:
        moto.verify("example.com")
        await asyncio.gather(*(ses.send(message(MAILBOX), self.account(moto.url)) for _ in range(5)))
        await ses.send(message(MAILBOX), msgspec.structs.replace(self.account(moto.url), id=OURS))
        assert len(ses._clients) == 1
        assert len(moto.sent()) == 6

    async def test_settings_that_cannot_work_stop_the_account(
        self, ses: SesTransport, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
        for settings in ({"region": None}, {"endpoint_url": "nonsense"}, {"region": "no such region"}):
            with pytest.raises(AccountStopped):
                await ses.send(message(MAILBOX), self.account(f"http://127.0.0.1:{free_port()}", **settings))

    async def test_a_silent_server_is_unknown(self) -> None:
        async def answer(request: object) -> None:
            await asyncio.sleep(5)

        async with serving(answer) as url:
            ses = SesTransport(read_timeout=0.2)
            with pytest.raises(Unknown):
                await ses.send(message(MAILBOX), self.account(url))
            await ses.close()
