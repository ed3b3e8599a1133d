"""Blue ticks, and “typing…” while a turn is thought about: a courtesy that never fails a turn.

An account's setting `acknowledge` asks for it: "read", or "typing" for both. Without it nothing is shown.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from concierge.conversations.model import Turn
from concierge.log import logger
from concierge.runtime import Runtime
from concierge.tenants.store import find_account
from concierge.tenants.vault import opened

PATIENCE = 3.0  # seconds; then the turn goes on without it

log = logger(__name__)


@asynccontextmanager
async def acknowledging(runtime: Runtime, turn: Turn) -> AsyncIterator[None]:
    """Acknowledge the turn's newest message while the block runs; the vendor hears of it before any answer leaves."""
    conversation = turn.conversation
    wanted = conversation.acknowledge in {"read", "typing"} and conversation.status == "bot" and turn.readable
    task = asyncio.create_task(_acknowledge(runtime, turn)) if wanted else None
    try:
        yield
    finally:
        if task is not None:
            await task


async def _acknowledge(runtime: Runtime, turn: Turn) -> None:
    conversation, newest = turn.conversation, turn.readable[-1]
    try:
        async with asyncio.timeout(PATIENCE):
            async with runtime.connection() as conn:
                row = await find_account(conn, conversation.channel_account_id, tenant_id=conversation.tenant_id)
            account, typing = opened(row, runtime.settings), conversation.acknowledge == "typing"
            await runtime.acknowledge(newest.provider_message_id, account, typing=typing)
    except Exception as error:  # noqa: BLE001  whatever it was, the person gets the answer all the same
        log.info("not acknowledged", conversation=str(conversation.id), error=type(error).__name__)
