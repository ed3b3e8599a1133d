"""The skill `bookings`: customers confirm, cancel and move their appointments by writing so.

It acts only for somebody who has an appointment ahead, and only when the message speaks of it: by its words, by what it
quotes, or because an appointment was the last thing we wrote about.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from concierge.bookings import keeping, store
from concierge.bookings.answers import store as said
from concierge.bookings.answers.reading import Wish, read
from concierge.bookings.answers.times import time_named
from concierge.bookings.model import Booking, Change, When
from concierge.bookings.people import store as people
from concierge.bookings.policies.choosing import policy_of
from concierge.bookings.texts.wording import answer, payload
from concierge.conversations.model import Message, Skill, Turn
from concierge.notifications import notify
from concierge.outbox.model import NewMessage, Payload
from concierge.outbox.posting import post
from concierge.postgres.query import Conn
from concierge.runtime import Runtime


class Thought(Struct, frozen=True):
    """What a message wants of which appointment."""

    message: Message
    wish: Wish
    booking: Booking | None  # None: of several, nobody knows which
    when: When | None  # another time, where one was named


class BookingAnswers(Skill):
    """Understands what customers write back about an appointment."""

    name: ClassVar[str] = "bookings"

    async def think(self, runtime: Runtime, turn: Turn) -> Thought | None:
        """The last message of the turn about an appointment; Postgres is only asked where one has such words."""
        wishes = [(message, wish) for message in turn.readable if (wish := read(message.text)) is not None]
        if not wishes:
            return None
        message, wish = wishes[-1]
        conversation, now = turn.conversation, runtime.clock()
        async with runtime.connection() as conn:
            ahead = await store.ahead(
                conn, contact_id=conversation.contact_id, tenant_id=conversation.tenant_id, now=now
            )
            if not ahead:
                return None
            before = await said.before(
                conn, inbound_id=message.id, conversation_id=conversation.id, tenant_id=conversation.tenant_id
            )
        meant = [each for each in ahead if each.id in {before.quoted, before.last}]
        asked = before.quoted is not None or before.last_kind == "booking_reminder"
        if not (meant or wish.named) or (wish.does == "confirm" and not (meant and asked)):
            return None
        booking = meant[0] if meant else ahead[0] if len(ahead) == 1 else None
        when = None
        if booking is not None and wish.does == "move":
            when = await time_named(runtime, turn, message, wish.time, booking, now)
        return Thought(message, wish, booking, when)

    def answers(self, thought: Thought) -> bool:  # noqa: ARG002
        """What was done is always said."""
        return True

    def takes(self, thought: Thought) -> frozenset[int]:
        """The message is dealt with: no other skill makes a follow-up or a reply of it."""
        return frozenset({thought.message.seq})

    async def settle(self, conn: Conn, turn: Turn, thought: Thought, now: datetime) -> None:
        """Do it, and say so, unless an earlier skill has answered already."""
        tenant_id = turn.conversation.tenant_id
        if thought.booking is None:
            text = "a customer with several appointments wants to change one; see the conversation"
            await notify(conn, tenant_id, "conversation", turn.conversation.id, "which_booking", text, now=now)
            await _say(conn, turn, thought, await _answer(conn, turn, "which", None, now), None, now)
            return
        booking = await keeping.held(conn, thought.booking.id, tenant_id=tenant_id)
        if booking.status == "cancelled" or booking.starts_at <= now:
            await _say(conn, turn, thought, await _answer(conn, turn, "late", booking, now), booking, now)
            return
        match thought.wish.does:
            case "confirm":
                booking = await keeping.confirm(conn, booking.id, tenant_id=tenant_id, now=now)
                said_back = await _answer(conn, turn, "confirmed", booking, now)
            case "cancel":
                said_back = await _cancelled(conn, booking, now)
            case "move":
                said_back = await _moved(conn, turn, booking, thought.when, now)
        await _say(conn, turn, thought, said_back, booking, now)


async def _cancelled(conn: Conn, booking: Booking, now: datetime) -> Payload:
    gone = await keeping.cancel(
        conn, booking.id, tenant_id=booking.tenant_id, reason="its customer cancelled it", say=False, now=now
    )
    person = await people.person(conn, contact_id=gone.contact_id, tenant_id=gone.tenant_id)
    return await payload(conn, "cancellation", gone, person, now=now)


async def _moved(conn: Conn, turn: Turn, booking: Booking, when: When | None, now: datetime) -> Payload:
    """Moved at once, or an operator's to decide, as its policy says."""
    if when is None:
        return await _answer(conn, turn, "unclear", booking, now)
    policy = await policy_of(conn, booking.policy_id, tenant_id=booking.tenant_id, now=now)
    if policy.moves == "direct":
        moved = await keeping.change(conn, booking.id, Change(when=when), tenant_id=booking.tenant_id, now=now)
        return await _answer(conn, turn, "moved", moved, now)
    await keeping.wish(conn, booking, when, now=now)
    return await _answer(conn, turn, "asked", booking, now, at=when.starts_at)


async def _answer(
    conn: Conn, turn: Turn, name: str, booking: Booking | None, now: datetime, *, at: datetime | None = None
) -> Payload:
    conversation = turn.conversation
    person = await people.person(conn, contact_id=conversation.contact_id, tenant_id=conversation.tenant_id)
    return Payload(text=answer(name, booking, person, now, at=at))


async def _say(
    conn: Conn, turn: Turn, thought: Thought, said_back: Payload, booking: Booking | None, now: datetime
) -> UUID | None:
    conversation, message = turn.conversation, thought.message
    if turn.answered:
        return None
    quotes = message.provider_message_id if conversation.channel == "email" else None
    answered = NewMessage(
        tenant_id=conversation.tenant_id,
        channel_account_id=conversation.channel_account_id,
        conversation_id=conversation.id,
        identity_id=conversation.identity_id,
        kind="booking_answer",
        payload=Payload(
            text=said_back.text,
            subject=message.subject or said_back.subject,
            quotes=quotes,
            facts=said_back.facts,
            files=said_back.files,
        ),
        correlation_id=message.correlation_id,
        about=booking.id if booking else None,
    )
    return await post(conn, answered, key=f"{conversation.id}:{message.id}:booking", now=now)
