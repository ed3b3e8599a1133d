"""What a person says about a draft that waits for their word: yes, no, these words instead, shorter please."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from concierge.conversations.model import Turn
from concierge.followups.acting.model import Line
from concierge.followups.drafting import store
from concierge.followups.drafting.approving import REMINDED, approve
from concierge.followups.drafting.model import Waiting
from concierge.followups.drafting.wanting import again, instead
from concierge.followups.evidence import stands
from concierge.followups.texts.phrases import phrases
from concierge.followups.texts.wording import LONGEST_DRAFT, draft_changed, shortened, which_draft
from concierge.llm.purposes import DraftAnswer, OpenDraft
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

PATIENCE = timedelta(days=14)  # so long a draft waits for its person's word
MOST = 10


async def waiting(runtime: Runtime, turn: Turn) -> dict[str, Waiting]:
    """The drafts that the person was asked about, by what a model may call them."""
    conversation = turn.conversation
    async with runtime.connection() as conn:
        found = await store.waiting(
            conn,
            tenant_id=conversation.tenant_id,
            contact_id=conversation.contact_id,
            conversation_id=conversation.id,
            handled_seq=conversation.handled_seq,
            since=runtime.clock() - PATIENCE,
            most=MOST,
        )
    return {f"D{n}": each for n, each in enumerate(found, 1)}


def shown(ref: str, one: Waiting) -> OpenDraft:
    """As a model sees it."""
    return OpenDraft(ref, one.title, one.text, one.tone, one.length, one.language, latest=one.latest)


async def decide(
    conn: Conn, turn: Turn, said: DraftAnswer, drafts: Mapping[str, Waiting], now: datetime
) -> tuple[list[Line], list[UUID]]:
    """Make it so; what to say about it, and the drafts that are asked about by that."""
    meant = [drafts[ref] for ref in dict.fromkeys(said.refs) if ref in drafts]
    if not meant:
        meant = list(drafts.values())
        if len(meant) > 1:
            return [which_draft([each.title for each in meant], turn.conversation.language)], _ids(meant)
    lines, asked = list[Line](), list[UUID]()
    for one in meant:
        line, id = await _decide(conn, turn, said, one, now)
        lines.append(line)
        asked += [id] if id else []
    return lines, asked


def _ids(drafts: Sequence[Waiting]) -> list[UUID]:
    return [each.id for each in drafts]


async def _decide(conn: Conn, turn: Turn, said: DraftAnswer, one: Waiting, now: datetime) -> tuple[Line, UUID | None]:
    """Only the version they were asked about is decided on; the draft that waits for a word on this answer."""
    tenant_id, does, words = turn.conversation.tenant_id, said.does, phrases(turn.conversation.language)
    task = await store.hold_task(conn, task_id=one.task_id, tenant_id=tenant_id)
    present = await store.newest(conn, task_id=one.task_id, tenant_id=tenant_id)
    if task not in REMINDED or present is None or present.id != one.id or present.status != "proposed":
        return Line(words.moot_draft.format(title=one.title)), None
    text = shortened((said.text or "").strip(), LONGEST_DRAFT)
    if not stands(said.quote, turn.readable) or (does == "change" and not text):
        does = "unclear"  # nobody said so
    match does:
        case "approve":
            await approve(conn, one.task_id, tenant_id=tenant_id, now=now, kind="confirmation")
            return Line(words.approved.format(title=one.title)), None
        case "decline":
            await store.decline(conn, one.id, tenant_id=tenant_id, now=now)
            return Line(words.declined.format(title=one.title)), None
        case "change":
            new = await instead(conn, one.task_id, tenant_id=tenant_id, text=text, now=now)
            return draft_changed(one.title, text, turn.conversation.language), new.id
        case "rewrite":
            await again(
                conn,
                one.task_id,
                tenant_id=tenant_id,
                tone=_short(said.tone),
                length=said.length,
                language=_short(said.language),
                wish=text,
                now=now,
            )
            return Line(words.rewriting.format(title=one.title)), None
        case "unclear":
            return Line(words.undecided.format(title=one.title), asks=True), one.id


def _short(word: str | None) -> str | None:
    return " ".join(word.split())[:40] or None if word else None
