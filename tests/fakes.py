"""Stand-ins that keep the interface: real classes, no mocks."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from concierge.channels.model import Accepted, ChannelAccount, OutboundMessage
from concierge.errors import SendError
from concierge.llm.model import Answer
from concierge.llm.purposes import Drafted, FoundTask, Learnt, Reading, Replied, Scored, Summarised, When


class FrozenClock:
    """Time that moves when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> datetime:
        self.now += timedelta(**amount)
        return self.now


USUALLY: dict[str, Any] = {
    "extract": Reading([]),
    "draft": Drafted("A draft."),
    "reply": Replied("An answer.", wants_human=False),
    "score": Scored(*[None] * 10),
    "summarise": Summarised("A recap."),
    "intake": Learnt([], wants_human=False),
}
"""What a scripted model answers where its script does not care."""


class ScriptedModel:
    """Answers with what `script` makes of a prompt; an exception there is what the provider does."""

    name = "scripted"
    remote = False

    def serves(self, purpose: str) -> str:
        return "scripted-1"

    def __init__(self, script: Callable[[Any], Any] | None = None) -> None:
        self.script = script or (lambda prompt: USUALLY[prompt.version.partition("-")[0]])
        self.prompts: list[Any] = []
        self.meanwhile: Callable[[], Awaitable[Any]] | None = None  # happens while an answer is thought about

    async def answer(self, prompt: Any, shape: type[Any]) -> Answer[Any]:
        self.prompts.append(prompt)
        if self.meanwhile is not None:
            await self.meanwhile()
        value = self.script(prompt)
        if isinstance(value, Reading):
            value = quoting(value, prompt.turns[-1].text)
        assert isinstance(value, shape)
        return Answer(value=value, model="scripted-1")

    async def close(self) -> None: ...


class RecordingTransport:
    """Keeps what it was given; `outcomes` are used up one a call, then everything is accepted."""

    def __init__(self, name: str, *, receipts: bool = False) -> None:
        self.name = name
        self.receipts = receipts
        self.sent: list[OutboundMessage] = []
        self.outcomes: list[SendError | None] = []

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:
        self.sent.append(message)
        if self.outcomes and (outcome := self.outcomes.pop(0)) is not None:
            raise outcome
        return Accepted(provider_message_id=f"{self.name}-{len(self.sent)}-{message.id}")

    async def close(self) -> None: ...

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.sent]


def quoting(reading: Reading, text: str) -> Reading:
    """What was made of nothing but a wall time (`reading`, `found`) quotes the message, as a model does."""
    tasks = [
        msgspec.structs.replace(each, when=msgspec.structs.replace(each.when, quote=text[:200]))
        if each.when and each.when.quote in {each.when.wall, "sometime"}
        else each
        for each in reading.tasks
    ]
    return msgspec.structs.replace(reading, tasks=tasks)


def reading(
    title: str, wall: str | None, grain: str = "minute", *, draft: bool = False, answers: str | None = None
) -> Reading:
    """A reading with one task."""
    return Reading([FoundTask(title=title, draft=draft, when=When(wall, grain, wall or "sometime"), answers=answers)])
