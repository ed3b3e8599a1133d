"""What a key did, as a line of the action log: which operation, on what; never a body, a query or a header."""

from uuid import UUID

import msgspec
from litestar.types import Scope
from msgspec import Struct

from concierge import audit_log
from concierge.api.caller import Caller
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.web.correlation import correlation_of
from concierge.web.hearing import Heard

_ABOVE = ("v1", "admin", "api", "debug")
_OTHER_WORDS = {
    "accounts": "channel_account",
    "credits": "credits",
    "enqueue-summary": "summary",
    "follow-ups": "task",
    "outbox": "outbound_message",
    "periodics": "tick",
    "phone_numbers": "channel_account",
    "summaries": "summary",
    "tasks": "task",
    "templates": "message_template",
}


class _Ids(Struct, frozen=True):
    """What an answer is about, if it says so."""

    id: UUID | None = None
    contact_id: UUID | None = None
    conversation_id: UUID | None = None


async def note(conn: Conn, scope: Scope, heard: Heard) -> None:
    """Keep it, in the transaction of what was done."""
    runtime: Runtime = scope["litestar_app"].state.runtime
    caller: Caller = scope["user"]
    first, *others = [*_in_path(scope), _in_answer(heard).id]
    await audit_log.record(
        conn,
        tenant_id=caller.tenant_id,
        actor=caller.actor,
        actor_id=caller.key_id,
        action=scope["route_handler"].handler_name,
        subject=subject_of(scope["path"]),
        subject_id=first,
        detail=" ".join(str(each) for each in (*others, *_named(scope)) if each not in (None, first)) or None,
        correlation_id=correlation_of(scope),
        now=runtime.clock(),
    )


def subject_of(path: str) -> str:
    """What a path is about, in the words of the tables: `channel_account` for `/v1/channel-accounts/{id}/pause`."""
    parts = [each for each in path.split("/") if each and each not in _ABOVE]
    if parts[0] == "users":
        parts = parts[2:] or ["tenants"]
    noun = parts[0]
    singular = f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")
    return _OTHER_WORDS.get(noun) or singular.replace("-", "_")


def ids_of(scope: Scope, heard: Heard) -> list[UUID]:
    """Everything that the path and the answer name, and whose it is."""
    said = _in_answer(heard)
    return [*_in_path(scope), *(each for each in (said.id, said.contact_id, said.conversation_id) if each)]


def _in_path(scope: Scope) -> list[UUID]:
    return [each for each in _parameters(scope) if isinstance(each, UUID)]


def _named(scope: Scope) -> list[str]:
    """Queues, jobs and ticks have names and numbers, users and their phone numbers ids of vendors."""
    return [str(each) for each in _parameters(scope) if not isinstance(each, UUID)]


def _parameters(scope: Scope) -> list[object]:
    return list(scope["path_params"].values())


def _in_answer(heard: Heard) -> _Ids:
    try:
        return msgspec.json.decode(heard.body, type=_Ids)
    except msgspec.MsgspecError:  # nothing, a list, or ids of another kind
        return _Ids()
