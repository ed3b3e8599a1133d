"""Writing a summary: claim it, read, ask with nothing open, keep what came of it."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from msgspec.json import encode
from msgspec.structs import asdict

from concierge.asking.model import Behalf
from concierge.errors import ModelUnavailable
from concierge.llm.model import Answer
from concierge.llm.purposes import Summarised, SummarisePrompt
from concierge.log import correlate, logger
from concierge.notifications import notify
from concierge.postgres.queue import put
from concierge.runtime import Runtime
from concierge.summaries import store
from concierge.summaries.model import Line, Summarise, Wanted, Written

RANGE = timedelta(days=7)
MOST_LINES = 200
BATCH = 1_000
FORGOTTEN = timedelta(minutes=5)

log = logger(__name__)


async def take_due(runtime: Runtime) -> None:
    """Tick: those whose time has come run, each with a job; so do those whose job was lost."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        ids = await store.claim_due(conn, now=now, limit=BATCH)
        ids += await store.forgotten(conn, before=now - FORGOTTEN, limit=BATCH)
        await put(conn, *(Summarise(id) for id in ids))


async def summarise(runtime: Runtime, summary_id: UUID) -> None:
    """Write one summary. Harmless to run twice: only one run can end it."""
    now = runtime.clock()
    async with runtime.connection() as conn:
        wanted = await store.wanted(conn, summary_id)
        if wanted is None:
            return
        lines = await store.lines(
            conn,
            tenant_id=wanted.tenant_id,
            contact_id=wanted.contact_id,
            since=now - RANGE,
            upto=now,
            limit=MOST_LINES,
        )
    with correlate(wanted.correlation_id):
        await _write(runtime, wanted, lines)


async def _write(runtime: Runtime, wanted: Wanted, lines: Sequence[Line]) -> None:
    now, read = runtime.clock(), hash_of(lines)
    known = (wanted.last_hash, wanted.last_prompt) == (read, SummarisePrompt.version)
    reason = "nothing was said" if not lines else "nothing new was said" if known else None
    written = Written() if reason else _written(await _ask(runtime, wanted, lines))
    async with runtime.connection() as conn:
        await store.finish(
            conn,
            wanted.id,
            tenant_id=wanted.tenant_id,
            reason=reason,
            range_start=now - RANGE,
            range_end=now,
            prompt_version=SummarisePrompt.version,
            input_count=len(lines),
            input_hash=read,
            now=runtime.clock(),
            **asdict(written),
        )
    log.info("summarised", summary=str(wanted.id), messages=len(lines), skipped=reason)


def _written(answer: Answer[Summarised]) -> Written:
    return Written(
        text=answer.value.text,
        model=answer.model,
        input_tokens=answer.usage.input,
        output_tokens=answer.usage.output,
        request_id=answer.request_id,
    )


async def _ask(runtime: Runtime, wanted: Wanted, lines: Sequence[Line]) -> Answer[Summarised]:
    prompt = SummarisePrompt(
        turns=tuple(line.said for line in lines),
        private=(wanted.contact_name,) if wanted.contact_name else (),
        asker=str(wanted.contact_id),
    )
    on = Behalf(tenant_id=wanted.tenant_id, conversation_id=wanted.conversation_id, models=wanted.models)
    answer = await runtime.ask(prompt, Summarised, on=on)
    if not answer.value.text.strip():
        raise ModelUnavailable("the summary is empty", request_id=answer.request_id)
    return answer


def hash_of(lines: Sequence[Line]) -> str:
    """SHA-256 over ids and texts; neither can be mistaken for the other, or run into its neighbour."""
    return sha256(encode([(line.id, line.text) for line in lines])).hexdigest()


async def give_up(runtime: Runtime, summary_id: UUID, error: BaseException) -> None:
    """The job's own retries are used up: an error row, and an operator is told. The next message asks again."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        tenant_id = await store.fail(conn, summary_id, reason=str(error), now=now)
        if tenant_id is not None:
            await notify(conn, tenant_id, "summary", summary_id, "failed", str(error), now=now)
