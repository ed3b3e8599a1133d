"""What WhatsApp reports about a message of ours. Shape: Meta, Cloud API reference, “status messages webhook”."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Raw, Struct, json
from msgspec.json import Decoder

from concierge.channels.decoding import ABSENT, UNDECODABLE, clean
from concierge.channels.model import Address, Notice, Receipt
from concierge.channels.whatsapp.moments import instant

CALLBACK_VERSION = "v1"
LONGEST = 500  # characters of a notice

_STATUSES: dict[str, Literal["sent", "delivered", "read", "failed"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",  # a voice message that was listened to
    "failed": "failed",
}


class _Status(Struct):
    status: str
    id: Annotated[str, Meta(max_length=512)] | None = None  # longer ones would not fit into an index
    timestamp: str | int = ""
    recipient_id: Raw = ABSENT
    recipient_user_id: Raw = ABSENT
    recipient_parent_user_id: Raw = ABSENT
    recipient_participant_id: Raw = ABSENT  # of a group: who of its members
    recipient_type: Raw = ABSENT
    biz_opaque_callback_data: str | None = None
    pricing: Raw = ABSENT
    errors: Raw = ABSENT


class _ErrorData(Struct):
    details: str | None = None


class _Error(Struct):
    code: int | str | None = None
    title: str | None = None
    message: str | None = None
    error_data: _ErrorData | None = None


_status = Decoder(_Status)
_errors = Decoder(list[_Error])
_id = Decoder(Annotated[str, Meta(min_length=1, max_length=512)])


def receipt(account: str, item: Raw, now: datetime) -> Receipt | Notice:
    """The report; a Notice for a status beside the ladder (`deleted`, `warning`). Raises what UNDECODABLE names."""
    reported = _status.decode(item)
    status = _STATUSES.get(reported.status)
    error = _first_error(reported.errors)
    if status is None:
        told = [reported.status, _told(error) if error else None, reported.id]
        return Notice(
            account=account,
            kind="status",
            text=clean(" · ".join(part for part in told if part))[:LONGEST],
            raw=bytes(item),
            at=instant(reported.timestamp, now),
        )
    return Receipt(
        account=account,
        provider_message_id=clean(reported.id) if reported.id else None,
        outbound_id=outbound_id(reported.biz_opaque_callback_data),
        status=status,
        at=instant(reported.timestamp, now),
        error_code=clean(str(error.code)) if error and error.code is not None else None,
        error=_told(error) if error else None,
        pricing=_kept(reported.pricing),
        addresses=tuple(_addresses(reported)),
    )


def _addresses(reported: _Status) -> Iterator[Address]:
    """Whom it was for: the phone first, where Meta names it, then the business-scoped ids."""
    in_group = _text(reported.recipient_type) == "group"
    phone = _text(reported.recipient_participant_id if in_group else reported.recipient_id)
    if phone:
        yield Address("phone", phone.removeprefix("+"))
    for one in (reported.recipient_user_id, reported.recipient_parent_user_id):
        if user_id := _text(one):
            yield Address("bsuid", user_id)


def _text(raw: Raw) -> str:
    try:
        return clean(_id.decode(raw)) if raw else ""
    except UNDECODABLE:
        return ""


def _kept(raw: Raw) -> str | None:
    """The vendor's own JSON as text, without its spaces."""
    text = json.format(bytes(raw), indent=-1).decode() if raw else "null"
    return None if text == "null" else text


def callback_data(outbound: UUID) -> str:
    """What we send along to recognise our own message in its statuses (at most 512 characters)."""
    return f"{CALLBACK_VERSION}:{outbound}"


def outbound_id(data: str | None) -> UUID | None:
    """The id in `v1:<uuid>`, `v1:<uuid>:<attempt>` or a bare uuid; None for anything else."""
    if not data:
        return None
    parts = data.split(":")
    try:
        return UUID(parts[1] if parts[0] == CALLBACK_VERSION and len(parts) > 1 else data)
    except ValueError:
        return None


def _first_error(raw: Raw) -> _Error | None:
    try:
        errors = _errors.decode(raw) if raw else []
    except UNDECODABLE:
        return None
    return errors[0] if errors else None


def _told(error: _Error) -> str | None:
    told = [error.title or error.message, error.error_data.details if error.error_data else None]
    return clean(": ".join(part for part in dict.fromkeys(told) if part)) or None
