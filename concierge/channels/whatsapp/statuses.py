"""What WhatsApp reports about a message of ours. Shape: Meta, Cloud API reference, “status messages webhook”."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Raw, Struct
from msgspec.json import Decoder

from concierge.channels.decoding import ABSENT, UNDECODABLE, clean
from concierge.channels.model import Receipt
from concierge.channels.whatsapp.moments import instant

CALLBACK_VERSION = "v1"

_STATUSES: dict[str, Literal["sent", "delivered", "read", "failed"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",  # a voice message that was listened to
    "failed": "failed",
}


class _Status(Struct):
    status: str
    id: str | None = None
    timestamp: str | int = ""
    biz_opaque_callback_data: str | None = None
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


def receipt(account: str, item: Raw, now: datetime) -> Receipt | None:
    """The report; None for a status we have no use for (`deleted`, `warning`). Raises what UNDECODABLE names."""
    reported = _status.decode(item)
    status = _STATUSES.get(reported.status)
    if status is None:
        return None
    error = _first_error(reported.errors)
    return Receipt(
        account=account,
        provider_message_id=clean(reported.id) if reported.id else None,
        outbound_id=outbound_id(reported.biz_opaque_callback_data),
        status=status,
        at=instant(reported.timestamp, now),
        error_code=clean(str(error.code)) if error and error.code is not None else None,
        error=_told(error) if error else None,
    )


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
