"""What we want to say, in the words of the WhatsApp Cloud API. Shapes and limits: Meta, Cloud API, “Send messages”.

A message over a limit is refused here, with a code that names it: Meta would refuse it too, and less clearly.
"""

from typing import Any

from concierge.channels.model import Buttons, Choice, Media, Menu, OutboundMessage, Template
from concierge.channels.whatsapp.statuses import callback_data
from concierge.errors import Refused

# all in characters, or in things to press
TEXT = 4096
BUTTONS_TEXT = 1024
CAPTION = 1024
BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
ROWS = 10
ROW_TITLE = 24
ROW_ID = 200
ROW_DESCRIPTION = 72
WORDLESS = {"audio", "sticker"}  # media without a caption


def payload(message: OutboundMessage) -> dict[str, Any]:
    """The request's body. Raises Refused for what WhatsApp cannot carry."""
    kind, content = _content(message)
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "type": kind,
        kind: content,
        "biz_opaque_callback_data": callback_data(message.id, message.attempt),
    }
    match message.recipient.kind:
        case "phone":  # without the "+" Meta would put the business's own country code before it
            body["to"] = f"+{message.recipient.value.removeprefix('+')}"
        case "bsuid":
            body["recipient"] = message.recipient.value
        case other:
            raise Refused(f"WhatsApp cannot reach an address of the kind {other}.", code="recipient-kind")
    if message.quotes:
        body["context"] = {"message_id": message.quotes}
    return body


def _content(message: OutboundMessage) -> tuple[str, dict[str, Any]]:
    """The message's type and what stands under that name."""
    match message.extra:
        case None:
            _at_most(TEXT, message.text, "text")
            return "text", {"body": message.text, "preview_url": False}
        case Template() as template:
            return "template", _template(template)
        case Buttons() as buttons:
            _at_most(BUTTONS_TEXT, message.text, "text")
            return "interactive", _buttons(message.text, buttons)
        case Menu() as menu:
            _at_most(TEXT, message.text, "text")
            return "interactive", _menu(message.text, menu)
        case Media() as media:
            return media.kind, _media(message.text, media)


def _template(template: Template) -> dict[str, Any]:
    body: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    if template.parameters:
        parameters = [{"type": "text", "text": each} for each in template.parameters]
        body["components"] = [{"type": "body", "parameters": parameters}]
    return body


def _buttons(text: str, buttons: Buttons) -> dict[str, Any]:
    _some(buttons.choices, BUTTONS, "buttons")
    for choice in buttons.choices:
        _at_most(BUTTON_TITLE, choice.title, "button-title")
        _at_most(BUTTON_ID, choice.id, "button-id")
    replies = [{"type": "reply", "reply": {"id": each.id, "title": each.title}} for each in buttons.choices]
    return {"type": "button", "body": {"text": text}, "action": {"buttons": replies}}


def _menu(text: str, menu: Menu) -> dict[str, Any]:
    _some(menu.choices, ROWS, "rows")
    _at_most(BUTTON_TITLE, menu.button, "button-title")
    for choice in menu.choices:
        _at_most(ROW_TITLE, choice.title, "row-title")
        _at_most(ROW_ID, choice.id, "row-id")
        _at_most(ROW_DESCRIPTION, choice.description or "", "row-description")
    action = {"button": menu.button, "sections": [{"rows": [_row(each) for each in menu.choices]}]}
    return {"type": "list", "body": {"text": text}, "action": action}


def _row(choice: Choice) -> dict[str, str]:
    row = {"id": choice.id, "title": choice.title}
    return row | ({"description": choice.description} if choice.description else {})


def _media(caption: str, media: Media) -> dict[str, str]:
    if caption and media.kind in WORDLESS:
        raise Refused(f"WhatsApp shows no words under {media.kind}.", code="caption-not-possible")
    _at_most(CAPTION, caption, "caption")
    body = {"link": media.url}
    if caption:
        body["caption"] = caption
    if media.filename and media.kind == "document":
        body["filename"] = media.filename
    return body


def _some(choices: list[Choice], limit: int, what: str) -> None:
    if not choices:
        raise Refused("There is nothing to press.", code=f"no-{what}")
    if len(choices) > limit:
        raise Refused(f"There are {len(choices)} {what}; WhatsApp shows {limit}.", code=f"too-many-{what}")
    if len({each.id for each in choices}) < len(choices):
        raise Refused("Two things to press have the same id.", code="same-id-twice")


def _at_most(limit: int, text: str, what: str) -> None:
    if len(text) > limit:
        raise Refused(f"The {what} has more than {limit} characters.", code=f"{what}-too-long")
