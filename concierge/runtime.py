"""Everything the concierge has at hand, and the one place where a transaction opens."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from msgspec import Struct, field

from concierge.asking.answering import answer
from concierge.asking.model import Behalf, Means
from concierge.channels.abilities import Acknowledging, Fetched, Fetcher, Fetching
from concierge.channels.model import (
    Accepted,
    Attachment,
    Channel,
    ChannelAccount,
    Event,
    OutboundMessage,
    Raw,
    Transport,
)
from concierge.channels.templates import TemplateReport, TemplateSource
from concierge.clock import Clock
from concierge.egress.calling import Answered, Egress
from concierge.errors import AccountStopped, Refused, TransactionOpen
from concierge.files.model import Files
from concierge.llm.model import Answer, LanguageModel
from concierge.llm.purposes import Prompt
from concierge.postgres.pool import Pool, connection, joined, transaction, transaction_is_open
from concierge.postgres.query import Conn
from concierge.settings import Settings

T = TypeVar("T")


class Runtime(Struct, frozen=True, kw_only=True, weakref=True):
    """Handed down from the doors. Foreign calls go through the methods below, which refuse inside a transaction."""

    settings: Settings
    clock: Clock
    pool: Pool
    channels: Mapping[str, Channel]
    transports: Mapping[str, Transport]
    models: Mapping[str, LanguageModel]  # by the names that agents and MODELS use
    chain: Sequence[str]  # who is asked where an agent chose nobody, first choice first
    files: Files
    fetchers: Mapping[str, Fetcher] = field(default_factory=dict)  # by channel
    egress: Egress = field(default_factory=Egress)

    def begin(self) -> AbstractAsyncContextManager[Conn]:
        """A transaction: commits at the end of the block, rolls back on any error."""
        return transaction(self.pool)

    def connection(self) -> AbstractAsyncContextManager[Conn]:
        """A connection for single statements, each of which commits by itself."""
        return connection(self.pool)

    def join(self) -> AbstractAsyncContextManager[Conn]:
        """A transaction that every `begin()` and `connection()` inside becomes a part of."""
        return joined(self.pool)

    async def ask(self, prompt: Prompt, shape: type[T], *, on: Behalf) -> Answer[T]:
        """Ask the models of `on`, one after the other, until one answers. Raises ModelUnavailable or ModelRefused."""
        _outside_transaction("a model")
        means = Means(models=self.models, chain=self.chain, settings=self.settings, pool=self.pool, clock=self.clock)
        return await answer(prompt, shape, on, means)

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:
        """Hand a message to the account's transport. Raises as `Transport.send` does."""
        _outside_transaction("a provider")
        transport = self.transports.get(account.transport)
        if transport is None:
            raise AccountStopped(f"there is no transport named {account.transport}")
        return await transport.send(message, account)

    async def acknowledge(self, provider_message_id: str, account: ChannelAccount, *, typing: bool) -> None:
        """Show the person that a message was read; nothing where the vendor has no such thing. Raises SendError."""
        _outside_transaction("a provider")
        transport: object = self.transports.get(account.transport)
        if isinstance(transport, Acknowledging):
            await transport.acknowledge(provider_message_id, account, typing=typing)

    async def templates(self, account: ChannelAccount) -> Sequence[TemplateReport]:
        """The templates the account's vendor knows; none where the vendor has no such thing. Raises SendError."""
        _outside_transaction("a provider")
        transport: object = self.transports.get(account.transport)
        return await transport.templates(account) if isinstance(transport, TemplateSource) else []

    async def fetch(self, attachment: Attachment, account: ChannelAccount, *, raw: bytes | None, limit: int) -> Fetched:
        """Get an attachment's bytes. Raises as `Fetcher.fetch` does."""
        _outside_transaction("a provider")
        fetcher = self.fetchers.get(account.channel)
        if fetcher is None:
            raise Refused(f"nothing fetches attachments of the channel {account.channel}")
        return await fetcher.fetch(attachment, account, raw=raw, limit=limit)

    def storage(self) -> Files:
        """Where files are kept, for one call at a time."""
        _outside_transaction("a file store")
        return self.files

    async def call_out(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answered:
        """POST to a URL that a tenant named. Raises Unreachable."""
        _outside_transaction("a webhook endpoint")
        return await self.egress.post(url, body=body, headers=headers)

    async def read_from(self, url: str, *, limit: int) -> bytes:
        """What is at a URL that somebody else chose, at most `limit` bytes. Raises Unreachable."""
        _outside_transaction("a URL")
        return await self.egress.read(url, limit=limit)

    async def prepare(self, channel: Channel, raw: Raw, secrets: Sequence[str]) -> None:
        """Let the channel fetch what it needs to prove the request. Never raises for what the vendor does."""
        if isinstance(channel, Fetching):
            _outside_transaction("a provider")
            await channel.prepare(raw, secrets)

    async def complete(
        self, channel: Channel, events: list[Event], accounts: Mapping[str, ChannelAccount]
    ) -> list[Event]:
        """Let the channel fetch what the request only points to. Raises NotStored."""
        if not isinstance(channel, Fetching):
            return events
        _outside_transaction("a provider")
        return await channel.completed(events, accounts)

    async def close(self) -> None:
        """Let go of connections to vendors and to the database."""
        for channel in self.channels.values():
            if isinstance(channel, Fetching):
                await channel.close()
        for transport in self.transports.values():
            await transport.close()
        for model in self.models.values():
            await model.close()
        for fetcher in self.fetchers.values():
            await fetcher.close()
        await self.files.close()
        await self.egress.close()
        await self.pool.close()


def _outside_transaction(whom: str) -> None:
    if transaction_is_open():
        raise TransactionOpen(f"{whom} was to be called inside a transaction")
