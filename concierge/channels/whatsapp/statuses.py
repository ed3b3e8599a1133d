"""What WhatsApp reports about a message of ours. Shape: Meta, Cloud API reference, “status messages webhook”."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Raw, Struct, json
from msgspec.json import Decoder

from concierge.channels.decoding import ABSENT, UNDECODABLE, clean
from concierge.channels.model import Address, Notice, OptOut, Receipt
from concierge.channels.whatsapp.moments import instant
from concierge.channels.whatsapp.outcomes import OUTCOMES
from concierge.channels.whatsapp.people import reached
from concierge.errors import Unwanted

CALLBACK_VERSION = "v1"
LONGEST = 500  # characters of a notice

_STATUSES: dict[str, Literal["sent", "delivered", "read", "played", "failed", "deleted", "warning"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "played",  # a voice message that was listened to
    "failed": "failed",
    "deleted": "deleted",  # by the person
    "warning": "warning",
}


class _Status(Struct):
    status: str
    type: str | None = None  # "payment", "call": then it is not about a message
    id: Annotated[str, Meta(max_length=512)] | None = None  # longer ones would not fit into an index
    timestamp: str | int | float | None = ""
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


def opt_outs(receipt: Receipt) -> Iterator[OptOut]:
    """What a failure says about the person: that they, or the business, have ended it."""
    outcome = OUTCOMES.get(_number(receipt.error_code))
    if receipt.status == "failed" and outcome is not None and issubclass(outcome, Unwanted):
        reason, scope = f"WhatsApp error {receipt.error_code}", outcome.scope
        for address in receipt.addresses:
            yield OptOut(account=receipt.account, address=address, scope=scope, reason=reason, at=receipt.at)


def _number(code: str | None) -> int:
    return int(code) if code and code.isascii() and code.isdecimal() and len(code) < 10 else -1  # which no code is


def receipt(account: str, item: Raw, now: datetime) -> Receipt | Notice:
    """The report; a Notice for one we have never heard of, or about a payment. Raises what UNDECODABLE names."""
    reported = _status.decode(item)
    status = _STATUSES.get(reported.status) if reported.type in {None, "message"} else None
    error = _first_error(reported.errors)
    if status is None:
        told = [reported.type, reported.status, _told(error) if error else None, reported.id]
        return Notice(
            account=account,
            kind="status",
            text=clean(" · ".join(part for part in told if part))[:LONGEST],
            raw=bytes(item),
            at=instant(reported.timestamp, now),
        )
    outbound_id, attempt = called_back(reported.biz_opaque_callback_data)
    return Receipt(
        account=account,
        provider_message_id=clean(reported.id) if reported.id else None,
        outbound_id=outbound_id,
        attempt=attempt,
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
    if person := reached(phone):
        yield person
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


def callback_data(outbound: UUID, attempt: int) -> str:
    """What we send along to recognise our own message in its statuses (at most 512 characters)."""
    return f"{CALLBACK_VERSION}:{outbound}:{attempt}"


def called_back(data: str | None) -> tuple[UUID | None, int | None]:
    """Id and attempt in `v1:<uuid>:<attempt>`, `v1:<uuid>` or a bare uuid; None for anything else."""
    version, _, rest = (data or "").partition(":")
    id, _, attempt = (rest if version == CALLBACK_VERSION else data or "").partition(":")
    try:
        return UUID(id), int(attempt) if attempt.isdecimal() and len(attempt) < 6 else None
    except ValueError:
        return None, None


def _first_error(raw: Raw) -> _Error | None:
    try:
        errors = _errors.decode(raw) if raw else []
    except UNDECODABLE:
        return None
    return errors[0] if errors else None


def _told(error: _Error) -> str | None:
    told = [error.title or error.message, error.error_data.details if error.error_data else None]
    return clean(": ".join(part for part in dict.fromkeys(told) if part)) or None
