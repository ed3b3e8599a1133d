"""What Meta's messaging APIs refuse, and with which code: shapes, lengths, templates, service windows, rates."""

from collections import deque
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from concierge.simulators.graph_windows import DAY, WEEK, Windows

Fault = tuple[int, int | None, str]  # code, subcode, message

_LENGTHS = {"text": 4096, "button": 1024, "list": 4096}
_MEDIA = {"image", "audio", "video", "document", "sticker"}


class Limits:
    """How much the vendor takes: messages a second of the whole sender; seconds that one to a person costs, and how
    many may be taken at once, borrowed from the time to come.
    """

    def __init__(
        self,
        *,
        throughput: int | None = None,
        pair: float | None = None,
        burst: int = 1,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.throughput, self.pair, self.burst, self.clock = throughput, pair, burst, clock
        self._taken: deque[float] = deque()
        self._paid: dict[str, float] = {}  # until when a person's messages are paid for

    def fault(self, recipient: str) -> Fault | None:
        """What is too much now; what is not counts from here on."""
        now = self.clock()
        while self._taken and now - self._taken[0] >= 1:
            self._taken.popleft()
        if self.throughput is not None and len(self._taken) >= self.throughput:
            return 130429, None, "(#130429) Rate limit hit"
        if self.pair is not None:
            paid = max(now, self._paid.get(recipient, now)) + self.pair
            if paid - now > self.pair * self.burst:
                return 131056, None, "(#131056) (Business Account, Consumer Account) pair rate limit hit"
            self._paid[recipient] = paid
        self._taken.append(now)
        return None


def whatsapp_fault(
    payload: Mapping[str, Any], templates: list[dict[str, Any]], windows: Windows | None
) -> Fault | None:
    """What is wrong with a message; without windows everybody may be written to."""
    if payload.get("status") == "read":
        fine = payload.get("message_id", "").startswith("wamid.")
        return None if fine else (100, None, "(#100) Invalid parameter: message_id")
    wrong = _wrong_with(payload)
    if wrong:
        return 100, None, f"(#100) Invalid parameter: {wrong}"
    if payload["type"] == "template":
        return _template_fault(payload["template"], templates)
    if windows is not None and not windows.open(_recipient(payload)):
        return 131047, None, "(#131047) Re-engagement message"
    return None


def instagram_fault(payload: Mapping[str, Any], windows: Windows | None, *, human_agent: bool) -> Fault | None:
    """What is wrong with a message; `human_agent`: whether the app may send what people write for a week."""
    message = payload.get("message", {})
    replies = message.get("quick_replies", [])
    recipient = payload.get("recipient", {}).get("id", "")
    checks = {
        "recipient": recipient.isdecimal(),
        "message": ("text" in message) != ("attachment" in message),
        "text": len(message.get("text", "").encode()) <= 1000,
        "quick_replies": len(replies) <= 13 and all(len(each["title"]) <= 20 for each in replies),
        "attachment": message.get("attachment", {}).get("type", "image") in {"image", "audio", "video", "file"},
        "reply_to": "reply_to" not in payload or bool(payload["reply_to"].get("mid")),
    }
    wrong = next((name for name, fine in checks.items() if not fine), None)
    if wrong:
        return 100, None, f"(#100) Invalid parameter: {wrong}"
    tagged = payload.get("messaging_type") == "MESSAGE_TAG"
    if tagged and (payload.get("tag") != "HUMAN_AGENT" or not human_agent):
        return 10, None, "(#10) Application does not have permission for this action"
    if windows is not None and not windows.open(recipient, WEEK if tagged else DAY):
        return 10, 2534022, "(#10) This message is sent outside of allowed window."
    return None


def _recipient(payload: Mapping[str, Any]) -> str:
    return str(payload.get("to", payload.get("recipient", ""))).removeprefix("+")


def _wrong_with(payload: Mapping[str, Any]) -> str | None:
    kind, to, recipient = payload.get("type", "text"), payload.get("to", ""), payload.get("recipient", "")
    checks = {
        "messaging_product": payload.get("messaging_product") == "whatsapp",
        "type": kind in {"text", "template", "interactive", *_MEDIA},
        kind: isinstance(payload.get(kind), dict) and _body_is_fine(kind, payload[kind]),
        "to": (to.startswith("+") and to[1:].isdecimal()) if to else "." in recipient,
        "context": "context" not in payload or payload["context"].get("message_id", "").startswith("wamid."),
        "biz_opaque_callback_data": len(payload.get("biz_opaque_callback_data", "")) <= 512,
    }
    return next((name for name, fine in checks.items() if not fine), None)


def _body_is_fine(kind: str, body: Mapping[str, Any]) -> bool:
    if kind == "text":
        return 0 < len(body.get("body", "")) <= _LENGTHS["text"]
    if kind in _MEDIA:
        captioned = kind in {"image", "video", "document"} or "caption" not in body
        return ("link" in body) != ("id" in body) and captioned and len(body.get("caption", "")) <= 1024
    if kind == "interactive":
        return 0 < len(body["body"]["text"]) <= _LENGTHS[body["type"]] and _action_is_fine(body["type"], body["action"])
    return bool(body.get("name")) and bool(body.get("language", {}).get("code"))


def _action_is_fine(kind: str, action: Mapping[str, Any]) -> bool:
    if kind == "button":
        titles = [each["reply"]["title"] for each in action["buttons"]]
        return 1 <= len(titles) <= 3 and all(1 <= len(title) <= 20 for title in titles)
    rows = [row for section in action["sections"] for row in section["rows"]]
    short = all(len(row["title"]) <= 24 and len(row.get("description", "")) <= 72 for row in rows)
    return 1 <= len(rows) <= 10 and short and 1 <= len(action["button"]) <= 20


def _template_fault(body: Mapping[str, Any], templates: list[dict[str, Any]]) -> Fault | None:
    named = [
        each for each in templates if each["name"] == body["name"] and each["language"] == body["language"]["code"]
    ]
    if not named:
        return 132001, None, "(#132001) Template name does not exist in the translation"
    if named[0]["status"] == "PAUSED":
        return 132015, None, "(#132015) Template is paused"
    if named[0]["status"] != "APPROVED":
        return 132001, None, "(#132001) Template is not approved"
    given = [part for component in body.get("components", ()) for part in component["parameters"]]
    wanted = sum(component.get("text", "").count("{{") for component in named[0]["components"])
    if len(given) != wanted:
        return 132000, None, "(#132000) Number of parameters does not match the expected number of params"
    return None
