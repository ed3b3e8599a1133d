"""What WhatsApp says beside messages and statuses: the account's health, templates, preferences, errors of its own.

Shapes: Meta, Cloud API, “Webhooks reference”, one page a field. Nothing is dropped: what has no word of its own is
a Notice.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE, clean
from concierge.channels.model import Address, Event, Notice, OptOut
from concierge.channels.whatsapp.echoes import echoed
from concierge.channels.whatsapp.envelope import MESSAGES, STANDBY, Change, Value
from concierge.channels.whatsapp.moments import instant
from concierge.channels.whatsapp.people import reached

TOLD = frozenset(
    {
        "account_alerts",
        "account_review_update",
        "account_settings_update",
        "account_update",
        "business_capability_update",
        "business_username_updates",
        "message_template_components_update",
        "message_template_quality_update",
        "message_template_status_update",
        "messaging_handovers",
        "partner_solutions",
        "payment_configuration_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "template_category_update",
    }
)
"""Fields about the account and its templates: their value is put into words."""

PERSONAL = frozenset(
    {
        "automatic_events",
        "calls",
        "contacts",
        "flows",
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
        "history",
        "message_echoes",
        "smb_app_state_sync",
        "smb_message_echoes",
        "standby",
        "user_id_update",
        "user_preferences",
    }
)
"""Fields with people in them: their value is kept and not told."""

ECHOES = frozenset({"smb_message_echoes", "message_echoes"})
LONGEST = 500  # characters of a notice


Id = Annotated[str, Meta(max_length=512)]  # longer ones would not fit into an index


class _Preference(Struct):
    value: str
    wa_id: Id | None = None
    user_id: Id | None = None
    category: str = ""
    detail: str | None = None
    timestamp: int | float | str = ""


class _Error(Struct):
    code: int | str | None = None
    title: str | None = None
    message: str | None = None


class _Any(Struct):
    value: Any = None


_preference = Decoder(_Preference)
_error = Decoder(_Error)
_any = Decoder(_Any)

_WANTS: dict[str, Literal["stop", "resume"]] = {"stop": "stop", "resume": "resume"}


def told(change: Change, now: datetime) -> Iterator[Event]:
    """The events of a change beside its messages and statuses."""
    value = change.value
    if value and change.field in ECHOES and value.message_echoes:
        yield from (echoed(change.account, item, now) for item in value.message_echoes)
    elif change.field not in {MESSAGES, STANDBY}:
        preferences = value.user_preferences if value and change.field == "user_preferences" else None
        if preferences:
            for item in preferences:
                yield _preferred(change, item, now)
        else:
            yield _notice(change, now)
    elif value:
        for item in value.errors or ():
            yield Notice(account=change.account, kind="error", text=_fault(item), raw=bytes(item), at=now)
        yield from (echoed(change.account, item, now) for item in value.message_echoes or ())
        if not _says_anything(value):
            yield _notice(change, now)


def _says_anything(value: Value) -> bool:
    lists = (value.messages, value.statuses, value.errors, value.message_echoes)
    return any(each is not None for each in lists)


def _notice(change: Change, now: datetime) -> Notice:
    known = change.field in TOLD | PERSONAL
    text = _words(change.raw) if change.field in TOLD else ""
    return Notice(
        account=change.account,
        kind=change.field if known else "unknown",
        text=clean(text or change.field)[:LONGEST],
        raw=change.raw,
        at=instant(change.time, now),
    )


def _preferred(change: Change, item: Raw, now: datetime) -> OptOut | Notice:
    """Stop and resume are told; whatever else somebody may prefer is kept."""
    try:
        preference = _preference.decode(item)
    except UNDECODABLE:
        return _notice(change, now)
    wants = _WANTS.get(preference.value)
    if wants is None or not (preference.wa_id or preference.user_id):
        return _notice(change, now)
    address = reached(preference.wa_id) or Address("bsuid", clean(preference.user_id or ""))
    return OptOut(
        account=change.account,
        address=address,
        wants=wants,
        scope="marketing" if "marketing" in preference.category or not preference.category else "all",
        reason=clean(preference.detail or preference.category or "user_preferences"),
        at=instant(preference.timestamp, now),
    )


def _fault(item: Raw) -> str:
    try:
        error = _error.decode(item)
    except UNDECODABLE:
        return "an error that cannot be read"
    parts = [None if error.code is None else str(error.code), error.title or error.message]
    return clean(": ".join(part for part in parts if part))[:LONGEST] or "an error without a code"


def _words(raw: bytes) -> str:
    """Every name and value of a change, in its order: `event: FLAGGED, current_limit: TIER_1K`."""
    try:
        return ", ".join(_pairs(_any.decode(raw).value, ""))
    except UNDECODABLE:
        return ""


def _pairs(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key != "messaging_product":
                yield from _pairs(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _pairs(each, name)
    elif value is not None and value != "":
        yield f"{name}: {value}" if name else str(value)
