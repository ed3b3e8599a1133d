"""What WhatsApp and Instagram are handed beside plain texts, and what is refused before anything is sent."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from concierge.channels.model import Address, Buttons, Choice, Media, Menu, OutboundMessage, Template
from concierge.errors import NotAccepted, OutsideWindow, Refused, Unknown
from concierge.simulators.graph_api import error, says
from concierge.simulators.graph_rules import Limits
from concierge.simulators.graph_windows import DAY, WEEK, Windows
from tests.contracts.transports import MAILBOX, PERSON, PHONE, InstagramStage, WhatsAppStage, message
from tests.each import each

YES, NO = Choice("yes", "Yes"), Choice("no", "No")
REMINDER = {
    "id": "1",
    "name": "reminder",
    "language": "en",
    "category": "UTILITY",
    "status": "APPROVED",
    "components": [{"type": "BODY", "text": "Hello {{1}}, see you at {{2}}."}],
}


def choices(count: int, title: str = "Title") -> list[Choice]:
    return [Choice(f"id-{n}", title) for n in range(count)]


class TestWhatsApp:
    @pytest.fixture
    async def stage(self) -> AsyncIterator[WhatsAppStage]:
        async with WhatsAppStage.open() as stage:
            yield stage
            await stage.transport.close()

    async def sent(self, stage: WhatsAppStage, extra: object, text: str = "Shall we?", **more: object) -> Any:
        """What the simulator, which checks Meta's rules, took."""
        await stage.transport.send(message(PHONE, text=text, extra=extra, **more), stage.account)
        return stage.graph.accepted[-1]

    async def test_a_template_with_parameters(self, stage: WhatsAppStage) -> None:
        stage.graph.templates = [REMINDER]
        stage.graph.windows = Windows()  # nobody wrote within 24 hours: a template is all that goes
        taken = await self.sent(stage, Template("reminder", "en", ["Ana", "8 pm"]), text="")
        assert taken["template"] == {
            "name": "reminder",
            "language": {"code": "en"},
            "components": [
                {
                    "type": "body",
                    "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "8 pm"}],
                }
            ],
        }
        assert taken["biz_opaque_callback_data"].startswith("v1:")

    async def test_a_template_without_parameters(self, stage: WhatsAppStage) -> None:
        stage.graph.templates = [REMINDER | {"components": []}]
        taken = await self.sent(stage, Template("reminder", "en"))
        assert taken["template"] == {"name": "reminder", "language": {"code": "en"}}

    @each(
        ("template", "status", "code"),
        [
            (Template("reminder", "en", ["Ana"]), "APPROVED", "132000"),
            (Template("reminder", "de", ["Ana", "8"]), "APPROVED", "132001"),
            (Template("reminder", "en", ["Ana", "8"]), "PAUSED", "132015"),
        ],
    )
    async def test_a_wrong_template_is_refused(
        self, stage: WhatsAppStage, template: Template, status: str, code: str
    ) -> None:
        stage.graph.templates = [REMINDER | {"status": status}]
        with pytest.raises(Refused) as raised:
            await self.sent(stage, template)
        assert raised.value.code == code

    async def test_buttons_under_a_quoted_reply(self, stage: WhatsAppStage) -> None:
        taken = await self.sent(stage, Buttons([YES, NO]), quotes="wamid.HBgNtheirs")
        assert taken["type"] == "interactive"
        assert taken["context"] == {"message_id": "wamid.HBgNtheirs"}
        assert taken["interactive"] == {
            "type": "button",
            "body": {"text": "Shall we?"},
            "action": {
                "buttons": [
                    {"type": "reply", "reply": {"id": "yes", "title": "Yes"}},
                    {"type": "reply", "reply": {"id": "no", "title": "No"}},
                ]
            },
        }

    async def test_a_list_to_somebody_without_a_phone(self, stage: WhatsAppStage) -> None:
        menu = Menu("Times", [Choice("8", "8 pm", "by the window"), Choice("9", "9 pm")])
        sent = message(Address(kind="bsuid", value="US.1349"), text="When?", extra=menu)
        await stage.transport.send(sent, stage.account)
        taken = stage.graph.accepted[-1]
        assert (taken["recipient"], "to" in taken) == ("US.1349", False)
        rows = [{"id": "8", "title": "8 pm", "description": "by the window"}, {"id": "9", "title": "9 pm"}]
        assert taken["interactive"]["action"] == {"button": "Times", "sections": [{"rows": rows}]}

    @pytest.mark.parametrize(
        ("media", "text", "body"),
        [
            (Media("image", "https://x.example/a.jpg"), "Look", {"link": "https://x.example/a.jpg", "caption": "Look"}),
            (Media("audio", "https://x.example/a.ogg"), "", {"link": "https://x.example/a.ogg"}),
            (Media("video", "https://x.example/a.mp4", "a.mp4"), "", {"link": "https://x.example/a.mp4"}),
            (
                Media("document", "https://x.example/a.pdf", "offer.pdf"),
                "Our offer",
                {"link": "https://x.example/a.pdf", "caption": "Our offer", "filename": "offer.pdf"},
            ),
        ],
    )
    async def test_media_by_link(self, stage: WhatsAppStage, media: Media, text: str, body: dict[str, str]) -> None:
        assert (await self.sent(stage, media, text=text))[media.kind] == body

    @each(
        ("extra", "text", "code"),
        [
            (Buttons([]), "?", "no-buttons"),
            (Buttons(choices(4)), "?", "too-many-buttons"),
            (Buttons([YES, YES]), "?", "same-id-twice"),
            (Buttons(choices(1, "x" * 21)), "?", "button-title-too-long"),
            (Buttons([Choice("x" * 257, "Yes")]), "?", "button-id-too-long"),
            (Buttons([YES]), "x" * 1025, "text-too-long"),
            (Menu("Open", choices(11)), "?", "too-many-rows"),
            (Menu("x" * 21, choices(1)), "?", "button-title-too-long"),
            (Menu("Open", choices(1, "x" * 25)), "?", "row-title-too-long"),
            (Menu("Open", [Choice("x" * 201, "Yes")]), "?", "row-id-too-long"),
            (Menu("Open", [Choice("1", "Yes", "x" * 73)]), "?", "row-description-too-long"),
            (Menu("Open", choices(1)), "x" * 4097, "text-too-long"),
            (Media("image", "https://x.example/a.jpg"), "x" * 1025, "caption-too-long"),
            (Media("sticker", "https://x.example/a.webp"), "words", "caption-not-possible"),
        ],
    )
    async def test_a_limit_is_named(self, stage: WhatsAppStage, extra: object, text: str, code: str) -> None:
        with pytest.raises(Refused) as raised:
            await self.sent(stage, extra, text=text)
        assert (raised.value.code, stage.graph.requests) == (code, 0)

    async def test_everything_at_its_limit_is_taken(self, stage: WhatsAppStage) -> None:
        await self.sent(stage, Buttons(choices(3, "x" * 20)), text="x" * 1024)
        await self.sent(stage, Menu("x" * 20, choices(10, "x" * 24)), text="x" * 4096)
        assert len(stage.graph.accepted) == 2

    async def test_outside_the_window_a_text_is_refused(self, stage: WhatsAppStage) -> None:
        stage.graph.windows = Windows({"15551234567"})
        with pytest.raises(Refused) as raised:
            await self.sent(stage, None)
        assert raised.value.code == "131047"

    @pytest.mark.parametrize(("limits", "code"), [({"throughput": 1}, "130429"), ({"pair": 6}, "131056")])
    async def test_too_much_is_not_accepted(self, stage: WhatsAppStage, limits: dict[str, Any], code: str) -> None:
        stage.graph.limits = Limits(**limits, clock=lambda: 0)
        await self.sent(stage, None)
        with pytest.raises(NotAccepted) as raised:
            await self.sent(stage, None)
        assert (raised.value.code, len(stage.graph.accepted)) == (code, 1)

    @pytest.mark.parametrize("typing", [False, True])
    async def test_a_message_is_acknowledged(self, stage: WhatsAppStage, typing: bool) -> None:
        await stage.transport.acknowledge("wamid.HBgNtheirs", stage.account, typing=typing)
        told = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.HBgNtheirs"}
        assert stage.graph.acknowledged == [told | ({"typing_indicator": {"type": "text"}} if typing else {})]
        stage.graph.next(error(131056))
        with pytest.raises(NotAccepted):
            await stage.transport.acknowledge("wamid.HBgNtheirs", stage.account, typing=typing)


class TestInstagram:
    @pytest.fixture
    async def stage(self) -> AsyncIterator[InstagramStage]:
        async with InstagramStage.open() as stage:
            yield stage
            await stage.transport.close()

    async def sent(self, stage: InstagramStage, sent: OutboundMessage) -> Any:
        await stage.transport.send(sent, stage.account)
        return stage.graph.accepted[-1]

    async def test_a_reply(self, stage: InstagramStage) -> None:
        sent = message(PERSON, quotes="aWdfZAG1theirs")
        accepted = await stage.transport.send(sent, stage.account)
        assert accepted.provider_message_id == "aWdfSIM00000001"
        assert stage.graph.accepted == [
            {
                "recipient": {"id": PERSON.value},
                "message": {"text": "See you on Tuesday ✓"},
                "reply_to": {"mid": "aWdfZAG1theirs"},
                "mid": "aWdfSIM00000001",
            }
        ]

    async def test_quick_replies(self, stage: InstagramStage) -> None:
        taken = await self.sent(stage, message(PERSON, text="Shall we?", extra=Buttons([YES, NO])))
        replies = [{"content_type": "text", "title": each.title, "payload": each.id} for each in (YES, NO)]
        assert taken["message"] == {"text": "Shall we?", "quick_replies": replies}

    @pytest.mark.parametrize(("kind", "type"), [("image", "image"), ("audio", "audio"), ("document", "file")])
    async def test_media(self, stage: InstagramStage, kind: Any, type: str) -> None:
        taken = await self.sent(stage, message(PERSON, text="", extra=Media(kind, "https://x.example/a")))
        assert taken["message"] == {"attachment": {"type": type, "payload": {"url": "https://x.example/a"}}}

    async def test_a_thousand_bytes_are_taken(self, stage: InstagramStage) -> None:
        await self.sent(stage, message(PERSON, text="ü" * 500))

    @each(
        ("sent", "code"),
        [
            (message(PERSON, text="ü" * 501), "text-too-long"),
            (message(MAILBOX), "recipient-kind"),
            (message(PERSON, extra=Template("reminder", "en")), "no-templates"),
            (message(PERSON, extra=Menu("Open", [YES])), "no-lists"),
            (message(PERSON, extra=Buttons([])), "no-buttons"),
            (message(PERSON, extra=Buttons(choices(14))), "too-many-buttons"),
            (message(PERSON, extra=Buttons(choices(1, "x" * 21))), "button-title-too-long"),
            (message(PERSON, extra=Buttons([Choice("x" * 1001, "Yes")])), "button-id-too-long"),
            (message(PERSON, extra=Media("sticker", "https://x.example/a"), text=""), "media-kind"),
            (message(PERSON, extra=Media("image", "https://x.example/a")), "caption-not-possible"),
        ],
    )
    async def test_what_it_cannot_carry_is_refused(
        self, stage: InstagramStage, sent: OutboundMessage, code: str
    ) -> None:
        with pytest.raises(Refused) as raised:
            await stage.transport.send(sent, stage.account)
        assert (raised.value.code, stage.graph.requests) == (code, 0)

    async def test_outside_the_window_it_is_refused(self, stage: InstagramStage) -> None:
        now = 1_749_416_385.0
        stage.graph.windows = Windows(clock=lambda: now)
        with pytest.raises(Refused) as raised:
            await stage.transport.send(message(PERSON), stage.account)
        assert raised.value.code == "10/2534022"
        stage.graph.heard(PERSON.value, "hello", mid="aWdfZAG1", at=int(now))
        await stage.transport.send(message(PERSON), stage.account)
        now += DAY
        with pytest.raises(Refused):
            await stage.transport.send(message(PERSON), stage.account)

    async def test_a_human_agent_has_a_week(self, stage: InstagramStage) -> None:
        now = 1_749_416_385.0
        stage.graph.windows = Windows(clock=lambda: now)
        stage.graph.heard(PERSON.value, "hello", mid="aWdfZAG1", at=int(now))
        now += WEEK - 1
        late = message(PERSON, by_human_agent=True)
        with pytest.raises(Refused) as raised:  # the app has no such permission: that is no reason to stop the account
            await stage.transport.send(late, stage.account)
        assert raised.value.code == "human-agent"
        stage.graph.human_agent = True
        taken = await self.sent(stage, late)
        assert (taken["messaging_type"], taken["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
        now += 1
        with pytest.raises(OutsideWindow):
            await stage.transport.send(late, stage.account)

    async def test_with_facebook_login_the_page_sends(self, stage: InstagramStage) -> None:
        settings = {**stage.account.settings, "sender": "me"}
        await stage.transport.send(
            message(PERSON), msgspec.structs.replace(stage.account, external_id="108", settings=settings)
        )
        assert len(stage.graph.accepted) == 1

    @each("body", [b"", b"{}", b'{"message_id": null}', b"<html>"])
    async def test_a_2xx_that_cannot_be_read_is_unknown(self, stage: InstagramStage, body: bytes) -> None:
        stage.graph.next(says(200, body, accepting=True))
        with pytest.raises(Unknown) as raised:
            await stage.transport.send(message(PERSON), stage.account)
        assert raised.value.code == "unreadable"
