"""What people and the business say to each other, as a phone would show it, with ticks."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

RANKS = ("", "sent", "delivered", "read", "failed")
TICKS: Mapping[str, str] = {"": "…", "sent": "✓", "delivered": "✓✓", "read": "✓✓ read", "failed": "✗ not delivered"}


class Said(Struct, kw_only=True):
    """One message. `status` is the highest that was reported to us, or of a person's message, what we made of it."""

    id: str
    channel: Literal["whatsapp", "instagram"]
    person: str
    by: Literal["person", "business"]
    text: str
    at: float  # unix seconds
    status: str = ""

    def reached(self, status: str) -> None:
        """Up the ladder only: reports come in any order."""
        self.status = max(self.status, status, key=RANKS.index)


class Talk(Struct):
    """Everything said so far; `version` grows with every change."""

    said: list[Said]
    version: int = 0


def of_business(message: Mapping[str, Any], *, at: float) -> Said:
    """A message the vendor took from us."""
    if "mid" in message:
        text = message["message"].get("text") or f"[{message['message']['attachment']['type']}]"
        return Said(
            id=message["mid"],
            channel="instagram",
            person=message["recipient"]["id"],
            by="business",
            text=text + _pressable(each["title"] for each in message["message"].get("quick_replies", ())),
            at=at,
        )
    person = str(message.get("to", message.get("recipient"))).removeprefix("+")
    return Said(id=message["wamid"], channel="whatsapp", person=person, by="business", text=_shown(message), at=at)


def line(said: Said, *, clock: str) -> str:
    """One message as text: when, who, what, ticks."""
    who = "Concierge" if said.by == "business" else "you"
    text = said.text.replace("\n", "\n" + " " * 21)
    return f"{clock}  {who:<9}  {text}  {TICKS[said.status]}"


def _shown(message: Mapping[str, Any]) -> str:
    """The words of a WhatsApp message, whatever its type."""
    kind = message.get("type", "text")
    body = message[kind]
    match kind:
        case "text":
            return str(body["body"])
        case "template":
            given = [part.get("text", "") for each in body.get("components", ()) for part in each["parameters"]]
            return f"[template {body['name']}, {body['language']['code']}] {' · '.join(given)}".rstrip()
        case "interactive":
            action = body["action"]
            rows = [row["title"] for section in action.get("sections", ()) for row in section["rows"]]
            buttons = [each["reply"]["title"] for each in action.get("buttons", ())]
            return str(body["body"]["text"]) + _pressable(rows + buttons)
    return f"[{kind}] {body.get('caption', '')}".rstrip()


def _pressable(titles: Any) -> str:
    return "".join(f" [{title}]" for title in titles)
