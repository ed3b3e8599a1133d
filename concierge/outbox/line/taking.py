"""Taking the head of a line: decided about, then claimed within its limits, or set aside and the next one looked at."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from concierge.channels.model import Extra, Template
from concierge.log import correlate, logger
from concierge.notifications import notify
from concierge.outbox.limits import buckets
from concierge.outbox.line import store
from concierge.outbox.line.deciding import TEMPLATE_REQUIRED, Aside, Clear, decide, needs_template
from concierge.outbox.line.model import Elsewhere, Head
from concierge.outbox.model import NewMessage
from concierge.outbox.posting import post
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.templates import store as templates
from concierge.templates.choosing import Fitting

log = logger(__name__)


class Claimed(Struct, frozen=True, kw_only=True):
    """A message this worker, and nobody else, is to send now; its attempt is already on record."""

    head: Head
    attempt_id: UUID
    n: int  # of the attempt, from 1 over all there were
    tries: int  # this one included
    extra: Template | None
    by_human_agent: bool = False  # sent as a person's own words, after the window

    @property
    def said_with(self) -> Extra | None:
        """What makes it more than a text: the template that stands for it now, or what it was posted with."""
        return self.extra or self.head.payload.extra

    @property
    def windowed(self) -> bool:
        """Whether it is words of our own, which the provider takes for a time only."""
        return self.head.windowed and not self.by_human_agent and not isinstance(self.said_with, Template)


async def take(runtime: Runtime, conversation_id: UUID) -> Claimed | None:
    """The next message to send; None when there is none, or it has to wait."""
    while True:
        now = runtime.clock()
        async with runtime.connection() as conn:
            head = await store.head(conn, conversation_id=conversation_id, now=now)
            if head is None:
                return None
            verdict = decide(head, await _templates(conn, head, now), now)
            if isinstance(verdict, Clear):
                return await _claim(conn, head, verdict, now)
        await _set_aside(runtime, head, verdict, now)


async def _templates(conn: Conn, head: Head, now: datetime) -> list[Fitting]:
    """What may stand for the message; asked for only where free text is not taken."""
    if not needs_template(head, now):
        return []
    return await templates.fitting(
        conn, channel_account_id=head.channel_account_id, tenant_id=head.tenant_id, kind=head.kind
    )


async def _claim(conn: Conn, head: Head, verdict: Clear, now: datetime) -> Claimed | None:
    limits = buckets(
        account_id=head.channel_account_id,
        channel=head.channel,
        transport=head.transport,
        settings=head.settings,
        identity_id=head.identity_id,
        gap=head.gap,
    )
    taken = await store.take(
        conn,
        id=head.id,
        version=head.version,
        tenant_id=head.tenant_id,
        conversation_id=head.conversation_id,
        channel_account_id=head.channel_account_id,
        extra=verdict.extra,
        keys=[each.key for each in limits],
        gaps=[each.gap for each in limits],
        bursts=[each.burst for each in limits],
        lined=[each.lined for each in limits],
        now=now,
    )
    if taken is None or taken.attempt_id is None:
        return None
    return Claimed(
        head=head,
        attempt_id=taken.attempt_id,
        n=taken.n,
        tries=taken.tries,
        extra=verdict.extra,
        by_human_agent=verdict.by_human_agent,
    )


async def _set_aside(runtime: Runtime, head: Head, aside: Aside, now: datetime) -> None:
    """Out of the line, with its reason; where a template is missing an operator is told once an account."""
    with correlate(head.correlation_id):
        async with runtime.begin() as conn:
            reason, place = aside.reason, None
            if aside.reason == TEMPLATE_REQUIRED and (place := await _elsewhere(conn, head, now)) is not None:
                reason = f"{TEMPLATE_REQUIRED}; said by {place.channel} instead"
            if not await store.set_aside(
                conn,
                head.id,
                version=head.version,
                tenant_id=head.tenant_id,
                status=aside.status,
                reason=reason,
                wake_at=aside.until,
                now=now,
            ):
                return
            if aside.reason == TEMPLATE_REQUIRED:
                account, text = head.channel_account_id, f"no approved template for a {head.kind} in {head.language}"
                await notify(conn, head.tenant_id, "channel_account", account, TEMPLATE_REQUIRED, text, now=now)
            elif aside.status == "blocked":
                await notify(conn, head.tenant_id, "outbound_message", head.id, "blocked", aside.reason, now=now)
            if place is not None:
                await _say_elsewhere(conn, head, place, now)
        log.info("set aside", outbound_message=str(head.id), kind=head.kind, status=aside.status, reason=reason)


async def _elsewhere(conn: Conn, head: Head, now: datetime) -> Elsewhere | None:
    """Where the person can be told instead; never a second time on."""
    given = head.settings.get("fallback")
    if head.fallback_of is not None or not isinstance(given, str):
        return None
    try:
        account_id = UUID(given)
    except ValueError:
        return None
    return await store.elsewhere(
        conn, account_id=account_id, tenant_id=head.tenant_id, contact_id=head.contact_id, now=now
    )


async def _say_elsewhere(conn: Conn, head: Head, place: Elsewhere, now: datetime) -> None:
    message = NewMessage(
        tenant_id=head.tenant_id,
        channel_account_id=place.channel_account_id,
        conversation_id=place.conversation_id,
        identity_id=place.identity_id,
        kind=head.kind,
        # they belong to the other channel
        payload=msgspec.structs.replace(head.payload, quotes=None, references=[], extra=None),
        correlation_id=head.correlation_id,
        expires_at=head.expires_at,
        fallback_of=head.id,
        about=head.about,
    )
    await post(conn, message, key=f"fallback:{head.id}", now=now)
