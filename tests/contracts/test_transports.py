"""One suite over every transport: what they all promise about sending."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from concierge.channels.model import Accepted
from concierge.channels.sandbox import SandboxTransport
from concierge.errors import NotAccepted, SendError, Unknown
from tests.contracts.transports import ALL, MAILBOX, OUTCOMES, STAGES, Stage, account, message, on_stage


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with on_stage(request.param) as stage:
        yield stage


class TestSending:
    async def test_an_accepted_message_has_the_providers_id(self, stage: Stage) -> None:
        accepted = await stage.transport.send(message(stage.recipient), stage.account)
        assert isinstance(accepted, Accepted)
        assert accepted.provider_message_id
        assert stage.taken() == 1

    @pytest.mark.parametrize("outcome", OUTCOMES)
    async def test_every_outcome_is_told_apart(self, stage: Stage, outcome: type[SendError]) -> None:
        stage.next(outcome)
        before = stage.taken()
        with pytest.raises(SendError) as raised:
            await stage.transport.send(message(stage.recipient), stage.account)
        assert type(raised.value) is outcome
        assert raised.value.code
        assert stage.taken() - before <= 1
        if outcome is Unknown:
            assert stage.taken() - before == 1

    async def test_no_connection_is_not_accepted(self, stage: Stage) -> None:
        with pytest.raises(NotAccepted) as raised:
            await stage.transport.send(message(stage.recipient), stage.unreachable())
        assert raised.value.code == "no-connection"

    async def test_an_error_never_stops_the_next_message(self, stage: Stage) -> None:
        with pytest.raises(SendError):
            await stage.transport.send(message(stage.recipient), stage.unreachable())
        await stage.transport.send(message(stage.recipient), stage.account)

    async def test_the_secrets_are_in_no_error(self, stage: Stage) -> None:
        for outcome in OUTCOMES:
            stage.next(outcome)
            with pytest.raises(SendError) as raised:
                await stage.transport.send(message(stage.recipient), stage.account)
            told = f"{raised.value!r} {raised.value.response} {raised.value.__cause__!r}"
            keys = msgspec.structs.asdict(stage.account.credentials)
            assert not any(key in told for key in keys.values() if isinstance(key, str))

    async def test_closing_twice_is_closing(self, stage: Stage) -> None:
        await stage.transport.close()
        await stage.transport.close()


async def test_the_sandbox_accepts_and_sends_nothing() -> None:
    sent = message(MAILBOX)
    transport = SandboxTransport()
    accepted = await transport.send(sent, account("sandbox", "app@example.com"))
    assert accepted == Accepted(provider_message_id=f"sandbox-{sent.id}")
    await transport.close()


def test_every_transport_has_a_stage() -> None:
    assert {transport.name for transport in ALL} == {*STAGES, "sandbox"}
