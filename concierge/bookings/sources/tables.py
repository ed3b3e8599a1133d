"""Bookings in a CSV or JSON file: one a line or an object, with the fields of `Row`."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from concierge.api.bodies import convert
from concierge.api.values import Email, Language, Name, Phone, Zone
from concierge.bookings.model import Customer
from concierge.bookings.shapes import ExternalId, Time
from concierge.bookings.sources.model import Told, Wrong
from concierge.bookings.times import agreed
from concierge.errors import Rejected


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One booking. `starts_at` without an offset is the clock in `zone`, which is the tenant's where it is empty."""

    external_id: ExternalId
    customer_name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    language: Language | None = None
    service: Name
    provider: Name | None = None
    location: Name | None = None
    starts_at: Time
    ends_at: Time | None = None
    zone: Zone | None = None
    status: str | None = None


def from_csv(text: str, zone: str) -> Iterator[Told | Wrong]:
    """The lines of a CSV file with a head; empty fields count as missing."""
    dialect: Any = csv.Sniffer().sniff(text.partition("\n")[0], delimiters=",;\t") if text.strip() else "excel"
    for n, line in enumerate(csv.DictReader(io.StringIO(text), dialect=dialect), 2):
        said = {str(name).strip(): value.strip() for name, value in line.items() if isinstance(value, str) and value}
        yield _told(said, f"line {n}", zone)


def from_json(text: str, zone: str) -> Iterator[Told | Wrong]:
    """The objects of a JSON array, or one a line."""
    try:
        rows: Sequence[Any] = msgspec.json.decode(text) if text.lstrip().startswith("[") else _lines(text)
    except msgspec.DecodeError as error:
        yield Wrong("the file", f"it is not JSON: {error}")
        return
    for n, row in enumerate(rows, 1):
        yield _told(row, f"booking {n}", zone)


def _lines(text: str) -> list[Any]:
    return [msgspec.json.decode(line) for line in text.splitlines() if line.strip()]


def _told(said: Any, where: str, zone: str) -> Told | Wrong:
    try:
        if isinstance(said, dict) and isinstance(said.get("starts_at"), str):
            said = {**said, **{name: _whole(said[name]) for name in ("starts_at", "ends_at") if said.get(name)}}
        row = convert(said, Row)
        when = agreed(row.starts_at, row.ends_at, row.zone or zone)
    except Rejected as error:
        return Wrong(where, str(error))
    if row.phone is None and row.email is None:
        return Wrong(where, "a phone or an email address is needed")
    return Told(
        external_id=row.external_id,
        customer=Customer(name=row.customer_name, phone=row.phone, email=row.email, language=row.language),
        when=when,
        service=row.service,
        provider=row.provider,
        location=row.location,
        cancelled=(row.status or "").casefold() in {"cancelled", "canceled"},
    )


def _whole(said: str) -> str:
    """`2027-03-12 09:00`, as tables have it, with the seconds that RFC 3339 wants."""
    try:
        return datetime.fromisoformat(said).isoformat()
    except ValueError:
        return said
