"""A mail server that keeps what it gets, and refuses, stalls or hangs up on command.

async with SmtpServer().serving() as server:
    account.credentials.smtp_url = server.url
    server.replies["RCPT"] = "550 no such user"
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from msgspec import Struct


class Received(Struct):
    """One mail, as it was handed over."""

    sender: str
    recipients: list[str]
    content: bytes


class SmtpServer:
    """`replies` maps MAIL, RCPT or DATA to what is said instead of 250; `silent` and `hang_up` name commands.

    A mail whose DATA is answered by silence or a hang-up was taken: it is in `received`.
    """

    def __init__(self, *, user: str = "user", password: str = "p@ss word") -> None:
        self.user, self.password = user, password
        self.url = ""
        self.received: list[Received] = []
        self.replies: dict[str, str] = {}
        self.silent: set[str] = set()
        self.hang_up: set[str] = set()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        protocols: list[SMTP] = []

        def connected() -> SMTP:
            protocols.append(
                SMTP(self, hostname="mx.test", authenticator=self._authenticate, auth_require_tls=False, loop=loop)
            )
            return protocols[-1]

        loop = asyncio.get_running_loop()
        server = await loop.create_server(connected, "127.0.0.1", 0)
        self.url = f"smtp://user:p%40ss%20word@127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for protocol in protocols:
                if protocol.transport is not None:
                    protocol.transport.abort()
            await server.wait_closed()
            await asyncio.sleep(0)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._reply("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._reply("RCPT", server)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" not in self.replies:
            content = envelope.content
            assert isinstance(content, bytes)
            self.received.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        return await self._reply("DATA", server)

    async def _reply(self, command: str, server: SMTP) -> str:
        if command in self.hang_up:
            server.transport.abort()
        if command in self.silent | self.hang_up:
            await asyncio.Event().wait()
        return self.replies.get(command, "250 OK")

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        known = isinstance(data, LoginPassword) and (data.login, data.password) == (
            self.user.encode(),
            self.password.encode(),
        )
        return AuthResult(success=known, handled=False)
