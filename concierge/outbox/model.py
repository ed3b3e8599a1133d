"""An outbound message, the patience we have with it, and the job that delivers it."""

from datetime import datetime, timedelta
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct, field

from concierge.channels.enclosed import File
from concierge.channels.model import Extra
from concierge.postgres.queue import Job

Kind = Literal[
    "confirmation",  # of a follow-up that was found
    "clarification",  # of a follow-up whose time is unclear
    "reminder",
    "consent",  # the one answer to STOP and START
    "reply",  # of an agent
    "question",  # of its intake
    "handoff",  # that a human will take over
    "message",  # that a system of the tenant sends by the API
    "operator",  # of a human
    "booking_reminder",
    "booking_cancellation",
    "booking_answer",  # to what a customer wrote about a booking
]
Outcome = Literal["accepted", "not_accepted", "refused", "unknown", "account_stopped"]


class Deliver(Job, frozen=True):
    """Send what is due in a conversation, in its order."""

    kind: ClassVar[str] = "outbox.deliver"
    queue: ClassVar[str] = "outbox"
    priority: ClassVar[int] = 5  # what is thought is said before more is thought, however much has come in

    conversation_id: UUID


class Payload(Struct, frozen=True, omit_defaults=True):
    """What will be said, frozen when it is posted: a retry says the same words."""

    text: str
    subject: str | None = None
    quotes: str | None = None  # provider message id
    references: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(
        default_factory=dict
    )  # what templates may name beside the text: {"title": "Call Bob"}
    part: int = 1  # of a text that had to be split
    extra: Extra | None = None  # what makes it more than a text, where its channel can; a template that a human chose
    files: list[File] = field(default_factory=list)  # by e-mail; other channels go without


class NewMessage(Struct, frozen=True, kw_only=True):
    """A message to post."""

    tenant_id: UUID
    channel_account_id: UUID
    conversation_id: UUID
    identity_id: UUID
    kind: Kind
    payload: Payload
    correlation_id: str | None
    send_at: datetime | None = None  # said then, not before; None: at once
    expires_at: datetime | None = None  # not sent from then on, such as when its event begins; None: as its policy says
    fallback_of: UUID | None = None  # the blocked message that this one says on another channel
    about: UUID | None = None  # such as a booking; what is not sent yet is withdrawn when that changes


class Posted(Struct, frozen=True):
    """What became of a message when it was posted: in the line, scheduled, or blocked at once."""

    id: UUID
    status: str


class Policy(Struct, frozen=True):
    """How patient we are with a kind of message."""

    waits: tuple[int, ...]  # seconds before the second, third, … attempt; after the last one it has failed
    resend_when_silent: bool  # an unknown outcome may count as "not accepted" when the provider stays silent about it
    answers: bool  # somebody waits for it now: quiet hours do not hold it
    despite_suppression: bool = False  # it says that nothing more will be said
    useful: timedelta = timedelta(days=7)  # so long after it was posted it may still be sent
    yields: bool = False  # it is the bot's own talk: not sent any more once a human leads the conversation
    polished: bool = False  # its words are a model's or a setting's: what the agent must not say is taken out


SUPPRESSED = "suppressed"
"""Why it is blocked: the person does not want to be written to."""
WAITS = (30, 60, 120, 240)
BOOKING_WAITS = (5, 25, 125, 625)  # five attempts within a quarter of an hour: an appointment does not wait
CROWDED = (1, 4, 16, 64, 256)  # after “too many messages to one person”: Meta asks for 4^X seconds, X = 0, 1, 2, …
ANSWER = Policy(waits=WAITS, resend_when_silent=True, answers=True, yields=True)
TALK = Policy(waits=WAITS, resend_when_silent=True, answers=True, yields=True, polished=True)

POLICIES: dict[Kind, Policy] = {
    "confirmation": ANSWER,
    "clarification": ANSWER,
    "reminder": Policy(waits=WAITS, resend_when_silent=True, answers=False),
    "message": Policy(waits=WAITS, resend_when_silent=True, answers=True),
    "consent": Policy(waits=WAITS, resend_when_silent=True, answers=True, despite_suppression=True),
    "reply": TALK,
    "question": TALK,
    "handoff": TALK,
    "operator": Policy(waits=WAITS, resend_when_silent=True, answers=True),
    "booking_reminder": Policy(waits=BOOKING_WAITS, resend_when_silent=True, answers=False),
    "booking_cancellation": Policy(waits=BOOKING_WAITS, resend_when_silent=True, answers=True),
    "booking_answer": ANSWER,
}
