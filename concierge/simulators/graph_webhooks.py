"""What Meta sends us, signed: statuses, messages, echoes; in any order and as often as it likes."""

import asyncio
import json
from collections.abc import Sequence
from random import Random
from typing import Any

import httpx

from concierge.channels.signature import sign
from concierge.tls import trusted

Webhook = tuple[dict[str, str], bytes]  # headers and body

AT = 1749416385  # unix seconds
_PRICING = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}
_UNDELIVERABLE = {
    "code": 131026,
    "title": "Message undeliverable",
    "message": "Message undeliverable",
    "error_data": {"details": "Message Undeliverable."},
}


def signed(body: dict[str, Any], secret: str) -> Webhook:
    """The request as Meta makes it: escaped unicode, and a signature over exactly these bytes."""
    raw = json.dumps(body).encode()
    return {"content-type": "application/json", "x-hub-signature-256": sign(raw, secret)}, raw


def whatsapp(phone_number_id: str, business_account_id: str, **value: object) -> dict[str, Any]:
    """Meta's envelope around one change of a number."""
    metadata = {"display_phone_number": "15550783881", "phone_number_id": phone_number_id}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": business_account_id, "changes": [change]}]}


def whatsapp_text(person: str, text: str, *, id: str, name: str, at: int) -> dict[str, Any]:
    """The value of a change in which somebody writes."""
    message = {"from": person, "id": id, "timestamp": str(at), "type": "text", "text": {"body": text}}
    return {"contacts": [{"profile": {"name": name}, "wa_id": person}], "messages": [message]}


def whatsapp_status(message: dict[str, Any], status: str, *, at: int = AT, **more: object) -> dict[str, Any]:
    """One report about a message that was taken; a failure says why, and only what was sent back comes back."""
    reported = {
        "id": message["wamid"],
        "status": status,
        "timestamp": str(at),
        **({"recipient_id": message["to"].removeprefix("+")} if "to" in message else {}),
        **({"recipient_user_id": message["recipient"]} if "recipient" in message else {}),
        **({"errors": [_UNDELIVERABLE]} if status == "failed" else {}),
        **({"pricing": _PRICING} if status in {"sent", "delivered"} else {}),
    }
    if "biz_opaque_callback_data" in message:
        reported["biz_opaque_callback_data"] = message["biz_opaque_callback_data"]
    return {**reported, **more}


def instagram(account: str, *items: dict[str, Any]) -> dict[str, Any]:
    """Meta's envelope around items of one account."""
    return {"object": "instagram", "entry": [{"id": account, "time": AT * 1000, "messaging": list(items)}]}


def instagram_text(account: str, person: str, mid: str, text: str, *, at: int = AT) -> dict[str, Any]:
    """A person writes."""
    message = {"mid": mid, "text": text}
    return {"sender": {"id": person}, "recipient": {"id": account}, "timestamp": at * 1000, "message": message}


def instagram_echo(account: str, message: dict[str, Any], *, at: int = AT) -> dict[str, Any]:
    """A message that was taken comes back: the business is its sender."""
    echoed = {"mid": message["mid"], "is_echo": True, "text": message["message"].get("text")}
    ids = {"sender": {"id": account}, "recipient": message["recipient"]}
    return {**ids, "timestamp": at * 1000, "message": echoed}


def instagram_read(account: str, message: dict[str, Any], *, at: int = AT) -> dict[str, Any]:
    """The person has read a message that was taken."""
    ids = {"sender": message["recipient"], "recipient": {"id": account}}
    return {**ids, "timestamp": at * 1000, "read": {"mid": message["mid"]}}


def mixed(webhooks: Sequence[Webhook], *, doubled: bool = False, dice: Random | None = None) -> list[Webhook]:
    """The same ones, each twice if asked, in an order that `dice` throws."""
    found = [*webhooks, *(webhooks if doubled else ())]
    if dice:
        dice.shuffle(found)
    return found


async def deliver(url: str, webhooks: Sequence[Webhook]) -> list[int]:
    """Post them all at once, as Meta does; the HTTP statuses that came back, in the same order."""
    async with httpx.AsyncClient(verify=trusted()) as client:
        posts = (client.post(url, headers=headers, content=body) for headers, body in webhooks)
        return [answer.status_code for answer in await asyncio.gather(*posts)]
