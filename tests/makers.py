"""Payloads and scripts, made from the few words that matter to a test."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from concierge.llm.purposes import FoundTask, Reading, When
from concierge.outbox.line.model import Head
from concierge.outbox.model import Payload
from tests.fakes import USUALLY

wall = datetime.fromisoformat  # naive: what a clock on the wall shows
SOON = "2027-03-12T09:00"  # nine days after the noon at which tests begin
CONFIRMED = "Got it. I'll remind you on Friday 12 March 2027 at 09:00 (Europe/Berlin): "


def found(title: str, wall: str | None = SOON, grain: Any = "minute", *, answers: str | None = None) -> FoundTask:
    """A task as a model reads it."""
    return FoundTask(title=title, draft=False, when=When(wall, grain, wall or "sometime"), answers=answers)


def readings(*each: Reading | Exception) -> Callable[[Any], Any]:
    """A script that answers one extraction after the other; the last answer repeats. An exception is raised."""
    waiting = list(each)

    def script(prompt: Any) -> Any:
        if prompt.purpose != "extract":
            return USUALLY[prompt.purpose]
        said = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(said, Exception):
            raise said
        return said

    return script


def statuses(*items: tuple[str, Any], account: str = "1234", at: int = 1_800_000_000) -> dict[str, Any]:
    """WhatsApp reports (status, id of our outbound message) in one webhook."""
    reported = [
        {
            "id": f"wamid.of-{id}",
            "status": status,
            "timestamp": str(at),
            "recipient_id": "15551234567",
            "biz_opaque_callback_data": f"v1:{id}",
        }
        | ({"errors": [{"code": 131026, "title": "Message undeliverable"}]} if status == "failed" else {})
        for status, id in items
    ]
    return whatsapp({"statuses": reported}, account=account)


def whatsapp(value: dict[str, Any], *, account: str = "1234") -> dict[str, Any]:
    """Meta's envelope around one change."""
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": account}} | value
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "B", "changes": [{"field": "messages", "value": value}]}],
    }


def text_message(text: Any, *, id: str = "wamid.1", sender: str = "15551234567") -> dict[str, Any]:
    """One message of a WhatsApp batch."""
    return {"id": id, "from": sender, "timestamp": "1804075200", "type": "text", "text": {"body": text}}


def batch(messages: Sequence[Any]) -> dict[str, Any]:
    """A WhatsApp webhook with these messages."""
    return whatsapp({"messages": list(messages)})


def make_head(**facts: Any) -> Head:
    """A reminder by e-mail that nothing stands against."""
    ids = dict.fromkeys(("conversation_id", "contact_id", "identity_id"), UUID(int=1))
    plain: dict[str, Any] = {
        **dict.fromkeys(Head.__struct_fields__),
        **ids,
        "id": uuid4(),
        "tenant_id": UUID(int=2),
        "channel_account_id": UUID(int=3),
        "kind": "reminder",
        "payload": Payload("hello"),
        "created_at": datetime(2027, 3, 3, 12, tzinfo=UTC),
        "address_kind": "email",
        "address_value": "a@b.c",
        "tenant_name": "Us",
        "language": "en",
        "tenant_language": "en",
        "zone": "UTC",
        "windowed": False,
        "human": False,
        "channel": "email",
        "settings": {},
    }
    return Head(**(plain | facts))
