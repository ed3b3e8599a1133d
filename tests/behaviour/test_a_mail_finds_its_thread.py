"""Mail over SMTP and back: threads, our token, one click to unsubscribe, and mail that comes back."""

from collections.abc import AsyncIterator
from email import message_from_bytes, message_from_string
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from msgspec.structs import replace

from concierge.channels.email.smtp import SmtpTransport
from concierge.runtime import Runtime
from tests.fakes import FrozenClock, reading
from tests.makers import SOON, readings
from tests.simulators.smtp_server import SmtpServer
from tests.world import KEY, World, open_world

ALICE, OTHER = "alice@example.com", "alice@home.example"
PEOPLE = "select count(*) from contact where merged_into is null"
LIVE = "select value, source from suppression where lifted_at is null"
SETTINGS = {"EMAIL_TRANSPORT": "smtp", "PUBLIC_URL": "https://concierge.example"}


class Post:
    """A world whose mail leaves by SMTP."""

    def __init__(self, world: World, server: SmtpServer) -> None:
        self.world, self.server = world, server

    @property
    def sent(self) -> list[Message]:
        return [message_from_bytes(each.content, policy=default) for each in self.server.received]

    async def comes(self, mail: Message) -> httpx.Response:
        headers = {"content-type": "message/rfc822"}
        answer = await self.world.client.post("/webhook/email/raw", content=bytes(mail), headers=headers)
        assert answer.status_code == 200
        await self.world.work()
        return answer

    async def writes(
        self, sender: str, text: str, *, id: str, to: str = "concierge@example.com", **headers: str
    ) -> None:
        mail = EmailMessage()
        fields = {"From": sender, "To": to, "Subject": "Bob", "Message-ID": f"<{id}>"}
        for name, value in (fields | {name.replace("_", "-"): value for name, value in headers.items()}).items():
            mail[name] = value
        mail.set_content(text)
        await self.comes(mail)


@pytest.fixture
async def post(db: str, clock: FrozenClock) -> AsyncIterator[Post]:
    async with SmtpServer().serving() as server:

        def arrange(runtime: Runtime) -> Runtime:
            return replace(runtime, transports={"smtp": SmtpTransport(timeout=5)})

        async with open_world(db, clock, arrange=arrange, SMTP_URL=server.url, **SETTINGS) as world:
            world.model.script = readings(reading("Call Bob", SOON))
            id = await world.one("select id from channel_account where channel = 'email'")
            body = {"reply_tokens": True}
            await world.client.patch(f"/admin/accounts/{id}", json=body, headers={"x-api-key": KEY})
            opened = Post(world, server)
            await opened.writes(ALICE, "Call Bob", id="2@x", References="<1@x>")
            yield opened


async def test_an_answer_stands_in_its_thread(post: Post) -> None:
    (mail,) = post.sent
    assert (mail["In-Reply-To"], mail["References"].split()) == ("<2@x>", ["<1@x>", "<2@x>"])
    assert mail["Subject"] == "Re: Bob"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["Reply-To"].startswith("concierge+")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = urlsplit(mail["List-Unsubscribe"].strip("<>"))
    assert (link.scheme, link.netloc) == ("https", "concierge.example")
    one_click = await post.world.client.post(link.path, data={"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    assert await post.world.rows(LIVE) == [(ALICE, "unsubscribe")]
    await post.world.pass_time(days=9)
    assert len(post.sent) == 1


async def test_a_reply_to_our_token_is_the_same_persons(post: Post) -> None:
    (mail,) = post.sent
    await post.writes(OTHER, "And Ann", id="3@x", to=mail["Reply-To"].upper())
    assert await post.world.one(PEOPLE) == 1
    assert await post.world.rows("select seq, provider_message_id from inbound_message order by seq") == [
        (1, "2@x"),
        (2, "3@x"),
    ]
    assert post.sent[1]["To"] == OTHER


async def test_somebody_else_stays_somebody_else(post: Post) -> None:
    (mail,) = post.sent
    await post.writes("bob@example.com", "hello", id="3@x")
    await post.writes("bob@example.com", "hello", id="4@x", to=mail["Reply-To"], In_Reply_To=mail["Message-ID"])
    await post.writes("ann@example.com", "passed on to me", id="7@x", References=f"<0@x> {mail['Message-ID']}")
    await post.writes("eve@example.com", "hello", id="5@x", to="concierge+aaaaaaaaaaaaaaaaaaaaaaaaaa@example.com")
    await post.writes("robot@example.com", "away", id="6@x", to=mail["Reply-To"], Auto_Submitted="auto-replied")
    assert await post.world.one(PEOPLE) == 5


def returned(mail: Message, *, status: str, action: str = "failed") -> Message:
    """What a mail server says about a mail of ours."""
    lines = [
        "From: MAILER-DAEMON@mx.example",
        "To: concierge@example.com",
        "Subject: Undelivered Mail",
        f"Message-ID: <dsn-{action}-{status}@mx.example>",
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "I am sorry.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        f"Final-Recipient: rfc822; {mail['To']}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; 550 {status} no such user <{mail['To']}>",
        "",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        f"Subject: {mail['Subject']}",
        f"Message-ID: {mail['Message-ID']}",
        "",
        "--b--",
        "",
    ]
    return message_from_bytes("\r\n".join(lines).encode())


@pytest.mark.parametrize(
    ("action", "status", "ends", "suppressed"),
    [
        ("failed", "5.1.1", "failed", [(ALICE, "platform")]),
        ("failed", "5.2.2", "failed", []),
        ("delayed", "4.4.1", "sent", []),
        ("delivered", "2.0.0", "delivered", []),
    ],
)
async def test_mail_that_comes_back_is_a_receipt(
    post: Post, action: str, status: str, ends: str, suppressed: list[Any]
) -> None:
    (mail,) = post.sent
    for _ in range(2):
        await post.comes(returned(mail, status=status, action=action))
    assert await post.world.one("select status from outbound_message") == ends
    assert await post.world.rows(LIVE) == suppressed
    assert await post.world.one("select count(*) from notification") == (1 if ends == "failed" else 0)
    assert len(post.sent) == 1  # and nobody answers a mail server
    if suppressed:
        assert "@" not in await post.world.one("select reason from outbound_message")


def complaint(mail: Message, kind: str) -> Message:
    """What the recipient's own server sends on; many leave out who it was."""
    whole = returned(mail, status="").as_string()
    status, _, after = whole.partition("Content-Type: message/delivery-status")
    _, _, copy = after.partition("--b")
    feedback = f"Content-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: Mx/1.0\nVersion: 1\n\n--b"
    return message_from_string((status + feedback + copy).replace("delivery-status;", "feedback-report;"))


async def test_a_complaint_ends_it_for_whom_the_mail_was_to(post: Post) -> None:
    """Also where our server hung up before it said that it has the mail: our own Message-ID tells which."""
    (mail,) = post.sent
    for kind in ("not-spam", "auth-failure"):
        await post.comes(complaint(mail, kind))
    known, guessed = mail["Message-ID"], "<guessed@example.com>"
    mail.replace_header("Message-ID", guessed)
    await post.comes(complaint(mail, "abuse"))
    assert await post.world.rows(LIVE) == []
    mail.replace_header("Message-ID", known)
    await post.world.execute("update outbound_message set status = 'unknown', provider_message_id = null")
    for _ in range(2):
        await post.comes(complaint(mail, "abuse"))
    assert await post.world.rows(LIVE) == [(ALICE, "platform")]
    assert await post.world.one("select reason from suppression") == "complaint"
    assert len(post.sent) == 1  # and nobody answers
    await post.writes(ALICE, "START", id="resumed@x")
    assert await post.world.rows(LIVE) == []
    await post.comes(complaint(mail, "abuse"))  # once more, as webhooks are repeated
    assert await post.world.rows(LIVE) == []


async def test_nobody_can_bounce_what_was_never_sent(post: Post) -> None:
    (mail,) = post.sent
    mail.replace_header("Message-ID", "<guessed@example.com>")
    await post.comes(returned(mail, status="5.1.1"))
    assert await post.world.one("select status from outbound_message") == "sent"
    assert await post.world.rows(LIVE) == []


async def test_a_server_that_knows_nobody_of_that_name_is_believed(post: Post) -> None:
    post.server.replies["RCPT"] = "550 5.1.1 <bob@example.com> no such user"
    await post.writes("bob@example.com", "Call Ann", id="3@x")
    assert await post.world.rows(LIVE) == [("bob@example.com", "platform")]
