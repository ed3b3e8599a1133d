"""Mail from an address nobody knows that answers a mail of ours: its writer is whom we wrote to.

What it answers, our token in the address it was sent to says, or else the Message-IDs it names. Whoever was passed our
mail on and answers it is taken for the same person: that is what a thread means. A known address stays whose it is.
"""

from typing import TypeAlias

import msgspec

from concierge.channels.email.message_ids import ours
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
        if message.sender.kind == "email" and message.automated is None and (message.token or message.thread)
    }
    if not answers:
        return rows
    ids = [(n, ours(id)) for n, (_, message) in answers.items() for id in message.thread]
    found = await store.writers(
        conn,
        ns=list(answers),
        accounts=[account.id for account, _ in answers.values()],
        senders=[message.sender.value for _, message in answers.values()],
        conversations=[conversation_of(message.token) for _, message in answers.values()],
        id_ns=[n for n, _ in ids],
        ids=[id for _, id in ids],
    )
    known = {each.n: Address("email", each.value) for each in found}
    return [
        (delivery, account, msgspec.structs.replace(message, also=(*message.also, known[n])) if n in known else message)
        for n, (delivery, account, message) in enumerate(rows)
    ]
