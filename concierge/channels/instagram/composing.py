"""What we want to say, in the words of Instagram's API. Shapes and limits: Meta, Instagram Platform, “Messaging API”,
“Quick replies”, “Human agent”.

A message over a limit is refused here, with a code that names it: Meta would refuse it too, and less clearly.
"""

from typing import Any

from concierge.channels.model import Buttons, Media, Menu, OutboundMessage, Template
from concierge.errors import Refused

TEXT = 1000  # bytes of UTF-8
QUICK_REPLIES = 13
TITLE = 20  # characters; Meta would cut it
PAYLOAD = 1000  # characters
KINDS = {"image": "image", "audio": "audio", "video": "video", "document": "file"}


def payload(message: OutboundMessage) -> dict[str, Any]:
    """The request's body. Raises Refused for what Instagram cannot carry."""
    if message.recipient.kind != "igsid":
        kind = message.recipient.kind
        raise Refused(f"Instagram cannot reach an address of the kind {kind}.", code="recipient-kind")
    body: dict[str, Any] = {"recipient": {"id": message.recipient.value}, "message": _content(message)}
    if message.by_human_agent:
        body |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    if message.quotes:
        body["reply_to"] = {"mid": message.quotes}
    return body


def _content(message: OutboundMessage) -> dict[str, Any]:
    match message.extra:
        case None:
            return _text(message.text)
        case Buttons() as buttons:
            return _text(message.text) | {"quick_replies": _quick_replies(buttons)}
        case Media() as media:
            return {"attachment": _attachment(message.text, media)}
        case Menu():
            raise Refused("Instagram has no lists.", code="no-lists")
        case Template():
            raise Refused("Instagram has no templates.", code="no-templates")


def _text(text: str) -> dict[str, Any]:
    if len(text.encode()) > TEXT:
        raise Refused(f"The text has more than {TEXT} bytes.", code="text-too-long")
    return {"text": text}


def _quick_replies(buttons: Buttons) -> list[dict[str, str]]:
    if not buttons.choices:
        raise Refused("There is nothing to press.", code="no-buttons")
    if len(buttons.choices) > QUICK_REPLIES:
        raise Refused(f"There are more than {QUICK_REPLIES} quick replies.", code="too-many-buttons")
    if any(len(each.title) > TITLE for each in buttons.choices):
        raise Refused(f"A title has more than {TITLE} characters.", code="button-title-too-long")
    if any(len(each.id) > PAYLOAD for each in buttons.choices):
        raise Refused(f"An id has more than {PAYLOAD} characters.", code="button-id-too-long")
    return [{"content_type": "text", "title": each.title, "payload": each.id} for each in buttons.choices]


def _attachment(caption: str, media: Media) -> dict[str, Any]:
    if media.kind not in KINDS:
        raise Refused(f"Instagram takes no {media.kind} from a business.", code="media-kind")
    if caption:
        raise Refused("Instagram shows no words under media.", code="caption-not-possible")
    return {"type": KINDS[media.kind], "payload": {"url": media.url}}
