"""A stage for every transport: a real server on loopback that can be told how the next message fares."""

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID, uuid4

import httpx
import msgspec

from concierge.channels.email.ses import SesTransport
from concierge.channels.email.smtp import SmtpTransport
from concierge.channels.instagram.sending import InstagramTransport
from concierge.channels.model import Address, ChannelAccount, Credentials, OutboundMessage, Transport
from concierge.channels.sandbox import SandboxTransport
from concierge.channels.whatsapp.sending import WhatsAppTransport
from concierge.errors import AccountStopped, NotAccepted, Refused, SendError, Unknown
from concierge.simulators import graph_api
from concierge.simulators.graph_api import GraphApi
from concierge.simulators.serving import Answer, Request, json_answer, serving
from tests.simulators.ses import REGION, refusal
from tests.simulators.smtp_server import SmtpServer

CREATED_AT = datetime(2025, 6, 8, 21, 0, tzinfo=UTC)
PHONE = Address(kind="phone", value="5511987654321")
PERSON = Address(kind="igsid", value="1239045817263544")
MAILBOX = Address(kind="email", value="alice@example.org")
OUTCOMES = (NotAccepted, Refused, Unknown, AccountStopped)


def account(
    transport: str, external_id: str, *, settings: dict[str, object] | None = None, **keys: str
) -> ChannelAccount:
    return ChannelAccount(
        id=UUID(int=1),
        tenant_id=UUID(int=2),
        channel=transport if transport in {"whatsapp", "instagram"} else "email",
        external_id=external_id,
        transport=transport,
        settings=settings or {},
        credentials=msgspec.convert(keys, Credentials),
    )


def message(recipient: Address, **more: object) -> OutboundMessage:
    fields = {"id": uuid4(), "recipient": recipient, "text": "See you on Tuesday ✓", "created_at": CREATED_AT}
    return OutboundMessage(**{**fields, **more})  # type: ignore[arg-type]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stage(Protocol):
    """One vendor, its transport and an account there."""

    @property
    def transport(self) -> Transport: ...
    @property
    def account(self) -> ChannelAccount: ...
    @property
    def recipient(self) -> Address: ...

    def next(self, outcome: type[SendError]) -> None:
        """The next message ends so; where the outcome is Unknown, the vendor takes it all the same."""
        ...

    def taken(self) -> int:
        """How many messages the vendor took."""
        ...

    def unreachable(self) -> ChannelAccount:
        """The account behind a port nobody listens on."""
        ...


class WhatsAppStage:
    recipient = PHONE

    def __init__(self, graph: GraphApi) -> None:
        self.graph = graph
        self.transport = WhatsAppTransport(timeout=httpx.Timeout(2))
        self.account = account(
            "whatsapp", graph.phone_number_id, settings={"base_url": graph.url}, access_token=graph.token
        )

    @staticmethod
    @asynccontextmanager
    async def open() -> AsyncIterator["WhatsAppStage"]:
        async with GraphApi().serving() as graph:
            yield WhatsAppStage(graph)

    def next(self, outcome: type[SendError]) -> None:
        self.graph.next(
            {
                NotAccepted: graph_api.error(130429),
                Refused: graph_api.error(131026),
                Unknown: graph_api.drop(accepting=True),
                AccountStopped: graph_api.error(190, 401),
            }[outcome]
        )

    def taken(self) -> int:
        return len(self.graph.accepted)

    def unreachable(self) -> ChannelAccount:
        return msgspec.structs.replace(self.account, settings={"base_url": f"http://127.0.0.1:{free_port()}"})


class InstagramStage:
    recipient = PERSON

    def __init__(self, graph: GraphApi) -> None:
        self.graph = graph
        self.transport = InstagramTransport(timeout=httpx.Timeout(2))
        self.account = account(
            "instagram", graph.instagram_id, settings={"base_url": graph.url}, access_token=graph.token
        )

    @staticmethod
    @asynccontextmanager
    async def open() -> AsyncIterator["InstagramStage"]:
        async with GraphApi().serving() as graph:
            yield InstagramStage(graph)

    def next(self, outcome: type[SendError]) -> None:
        self.graph.next(
            {
                NotAccepted: graph_api.error(613),
                Refused: graph_api.error(10, subcode=2534014),
                Unknown: graph_api.drop(accepting=True),
                AccountStopped: graph_api.error(190, 401),
            }[outcome]
        )

    def taken(self) -> int:
        return len(self.graph.accepted)

    def unreachable(self) -> ChannelAccount:
        return msgspec.structs.replace(self.account, settings={"base_url": f"http://127.0.0.1:{free_port()}"})


class SesStage:
    recipient = MAILBOX

    def __init__(self, url: str) -> None:
        self.requests: list[Request] = []
        self.answers: deque[Answer | None] = deque()
        self.transport = SesTransport(read_timeout=2)
        self.settings: dict[str, object] = {"region": REGION, "endpoint_url": url}
        self.account = account(
            "ses", "app@example.com", settings=self.settings, aws_access_key_id="AKID", aws_secret_access_key="secret"
        )

    @staticmethod
    @asynccontextmanager
    async def open() -> AsyncIterator["SesStage"]:
        async def answer(request: Request) -> Answer | None:
            stage.requests.append(request)
            return (
                stage.answers.popleft() if stage.answers else json_answer({"MessageId": f"ses-{len(stage.requests)}"})
            )

        async with serving(answer) as url:
            stage = SesStage(url)
            yield stage

    def next(self, outcome: type[SendError]) -> None:
        self.answers.append(
            {
                NotAccepted: refusal("TooManyRequestsException", 429),
                Refused: refusal("MessageRejected", 400),
                Unknown: None,
                AccountStopped: refusal("SendingPausedException", 400),
            }[outcome]
        )

    def taken(self) -> int:
        return len(self.requests)

    def unreachable(self) -> ChannelAccount:
        elsewhere = {**self.settings, "endpoint_url": f"http://127.0.0.1:{free_port()}"}
        return msgspec.structs.replace(self.account, settings=elsewhere)


class SmtpStage:
    recipient = MAILBOX

    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self.transport = SmtpTransport(timeout=2)
        self.account = account("smtp", "app@example.com", smtp_url=server.url)

    @staticmethod
    @asynccontextmanager
    async def open() -> AsyncIterator["SmtpStage"]:
        async with SmtpServer().serving() as server:
            yield SmtpStage(server)

    def next(self, outcome: type[SendError]) -> None:
        if outcome is Unknown:
            self.server.hang_up.add("DATA")
        elif outcome is AccountStopped:
            self.server.password = "changed"
        else:
            self.server.replies["RCPT"] = "451 later" if outcome is NotAccepted else "550 no such user"

    def taken(self) -> int:
        return len(self.server.received)

    def unreachable(self) -> ChannelAccount:
        return msgspec.structs.replace(
            self.account, credentials=Credentials(smtp_url=f"smtp://127.0.0.1:{free_port()}")
        )


STAGES: dict[str, type[WhatsAppStage] | type[InstagramStage] | type[SesStage] | type[SmtpStage]] = {
    "whatsapp": WhatsAppStage,
    "instagram": InstagramStage,
    "ses": SesStage,
    "smtp": SmtpStage,
}
ALL: tuple[type[Transport], ...] = (
    SandboxTransport,
    WhatsAppTransport,
    InstagramTransport,
    SesTransport,
    SmtpTransport,
)


def on_stage(name: str) -> AbstractAsyncContextManager[Stage]:
    """The stage of one transport, closed with its transport."""
    return _on_stage(name)


@asynccontextmanager
async def _on_stage(name: str) -> AsyncIterator[Stage]:
    async with STAGES[name].open() as stage:
        try:
            yield stage
        finally:
            await stage.transport.close()
            await asyncio.sleep(0)
