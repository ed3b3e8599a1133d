"""Reading a quiet conversation: ask with nothing open, check, then write the reading and the lead at once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from concierge.asking.model import Behalf
from concierge.clock import on_the_wall
from concierge.conversations import store as conversations
from concierge.followups.scheduling import reference
from concierge.leads import store
from concierge.leads.checking import checked
from concierge.leads.model import Facts, ReadLead, Settings, Wanted
from concierge.llm.model import Answer
from concierge.llm.purposes import Said, Scored, ScorePrompt
from concierge.log import correlate, logger
from concierge.notifications import notify
from concierge.postgres.query import Conn
from concierge.postgres.queue import put
from concierge.runtime import Runtime
from concierge.webhooks.announcing import announce

BATCH = 1_000
REMEMBERED = 60  # messages of both sides that a model is shown
LEASE = timedelta(minutes=15)  # longer than a job with all its retries
AGAIN = timedelta(minutes=30)
MOST_TRIES = 3  # runs of the job, each with its own retries

log = logger(__name__)


async def take_due(runtime: Runtime) -> None:
    """Tick: conversations that have been quiet long enough get a job."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        ids = await store.claim_due(conn, now=now, again_at=now + LEASE, limit=BATCH)
        await put(conn, *(ReadLead(id) for id in ids))


async def read(runtime: Runtime, lead_id: UUID) -> None:
    """Read one conversation. Harmless to run twice: of two readings the one that saw more counts."""
    async with runtime.connection() as conn:
        wanted = await store.wanted(conn, lead_id)
        if wanted is None:
            await store.rest(conn, lead_id)
            return
        turns = (
            await conversations.read(
                conn, conversation_id=wanted.conversation_id, after=wanted.last_seq, most=1, remembered=REMEMBERED
            )
        ).history
    with correlate(wanted.correlation_id):
        now = reference(wanted.sent_at, wanted.received_at)
        on = Behalf(tenant_id=wanted.tenant_id, conversation_id=wanted.conversation_id, models=wanted.models)
        answer = await runtime.ask(_prompt(wanted, turns), Scored, on=on)
        facts = checked(answer.value, turns, zone=wanted.zone, now=now)
        await _settle(runtime, wanted, answer, facts)


def _prompt(wanted: Wanted, turns: list[Said]) -> ScorePrompt:
    settings = msgspec.convert(wanted.settings, Settings)
    return ScorePrompt(
        now=on_the_wall(reference(wanted.sent_at, wanted.received_at), wanted.zone),
        zone=wanted.zone,
        turns=tuple(turns),
        private=(wanted.contact_name,) if wanted.contact_name else (),
        asker=str(wanted.contact_id),
        business=settings.business,
    )


async def _settle(runtime: Runtime, wanted: Wanted, answer: Answer[Scored], facts: Facts) -> None:
    now = runtime.clock()
    async with runtime.begin() as conn:
        extraction_id = await store.add_reading(
            conn,
            tenant_id=wanted.tenant_id,
            conversation_id=wanted.conversation_id,
            upto_seq=wanted.last_seq,
            model=answer.model,
            prompt_version=ScorePrompt.version,
            reading=kept(answer.value, facts),
            input_tokens=answer.usage.input,
            output_tokens=answer.usage.output,
            request_id=answer.request_id,
            now=now,
        )
        if extraction_id is None:
            return
        improved = await store.improve(
            conn,
            wanted.id,
            tenant_id=wanted.tenant_id,
            extraction_id=extraction_id,
            upto_seq=wanted.last_seq,
            seen_due_at=wanted.due_at,
            now=now,
            **msgspec.structs.asdict(facts),
        )
        if improved is not None:
            await _tell(conn, wanted, facts, now)
    log.info("lead read", lead=str(wanted.id), conversation=str(wanted.conversation_id))


def kept(said: Scored, facts: Facts) -> dict[str, Any]:
    """What is stored of a reading: what the model said, beside when that is."""
    return {**msgspec.to_builtins(said), "demo_at": facts.demo_at, "demo_zone": facts.demo_zone}


async def _tell(conn: Conn, wanted: Wanted, facts: Facts, now: datetime) -> None:
    """The tenant's systems hear of every reading, operators of what they should act on."""
    words = {name: getattr(facts, name) for name in ("name", "email", "company", "intent", "notice")}
    data = {name: value for name, value in msgspec.structs.asdict(facts).items() if name not in words}
    ids = {"id": wanted.id, "conversation_id": wanted.conversation_id, "contact_id": wanted.contact_id}
    await announce(conn, wanted.tenant_id, "lead.read", wanted.id, ids | data, now, words=words)
    if facts.notice:
        await notify(conn, wanted.tenant_id, "lead", wanted.id, "lead", facts.notice, now=now)


async def give_up(runtime: Runtime, lead_id: UUID, error: BaseException) -> None:
    """The job's own retries are used up: again later, and in the end an operator is told. Nothing is stored as fact."""
    now = runtime.clock()
    permanent = bool(getattr(error, "permanent", False))
    async with runtime.begin() as conn:
        failed = await store.postpone(
            conn, lead_id, reason=str(error), permanent=permanent, most=MOST_TRIES, again_at=now + AGAIN
        )
        if failed is not None and failed.due_at is None:
            await notify(conn, failed.tenant_id, "lead", lead_id, "not_read", str(error), now=now)
