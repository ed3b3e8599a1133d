"""What only some messages have, as the one value that `accept_inbound` takes it in."""

import msgspec
from psycopg.types.json import Jsonb

from concierge.channels.decoding import clean
from concierge.channels.model import Attachment, Inbound


def extra(message: Inbound) -> Jsonb | None:
    """Its whole text, thread, choice, token, surroundings, attachments; None for a plain message: it pays nothing."""
    facts = {
        "whole": message.whole and clean(message.whole),
        "thread": [clean(id) for id in message.thread],
        "choice": message.choice and clean(message.choice),
        "token": message.token and clean(message.token),
        "context": message.context and clean(message.context),
        "group": message.group and clean(message.group),
        "attachments": [_cleaned(each) for each in message.attachments],
    }
    present = {name: value for name, value in facts.items() if value}
    return Jsonb(present) if present else None


def _cleaned(attachment: Attachment) -> dict[str, object]:
    fields = msgspec.structs.asdict(attachment)
    return {name: clean(value) if isinstance(value, str) else value for name, value in fields.items()}
