"""Mail from an address nobody knows, sent to our token: its writer is whom we wrote to, from another address.

Only a token says so, which a business chose to give out (`reply_tokens`). The Message-IDs of a thread do not: whoever
was passed our mail on has them too, and must not become the person it was written to. A known address stays whose it
is.
"""

from typing import TypeAlias

import msgspec

from concierge.channels.email.tokens import conversation_of
from concierge.channels.model import Address, ChannelAccount, Inbound
from concierge.inbox import store
from concierge.inbox.model import Delivery
from concierge.postgres.query import Conn

Row: TypeAlias = tuple[Delivery, ChannelAccount, Inbound]


async def with_writers(conn: Conn, rows: list[Row]) -> list[Row]:
    """The rows, answers among them with an address that their writer has already; one statement if there are any."""
    answers = {
        n: (account, message)
        for n, (_, account, message) in enumerate(rows)
        if message.sender.kind == "email" and message.automated is None and message.token
    }
    if not answers:
        return rows
    found = await store.writers(
        conn,
        ns=list(answers),
        accounts=[account.id for account, _ in answers.values()],
        senders=[message.sender.value for _, message in answers.values()],
        conversations=[conversation_of(message.token) for _, message in answers.values()],
    )
    known = {each.n: Address("email", each.value) for each in found}
    return [
        (delivery, account, msgspec.structs.replace(message, also=(*message.also, known[n])) if n in known else message)
        for n, (delivery, account, message) in enumerate(rows)
    ]
