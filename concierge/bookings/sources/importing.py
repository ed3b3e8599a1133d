"""`concierge bookings import`: a file or a feed, entry by entry, each in a transaction of its own."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from msgspec import Struct
from rich.console import Console
from rich.progress import track

from concierge.bookings import store
from concierge.bookings.policies import store as policies
from concierge.bookings.sources.calendars import from_calendar
from concierge.bookings.sources.model import Told, Wrong
from concierge.bookings.sources.tables import from_csv, from_json
from concierge.bookings.sources.taking import take
from concierge.errors import Rejected, SettingsError
from concierge.runtime import Runtime
from concierge.tenants.store import first_tenant

LARGEST = 50_000_000  # bytes
SHOWN = 50  # entries that could not be taken


class Wanted(Struct, frozen=True, kw_only=True):
    """What to import, and how."""

    place: str  # a path, or the https address of a calendar feed
    source: str  # entries are known by their id at it
    tenant_id: UUID | None = None  # None: the first one
    policy: str | None = None  # its name; None: the usual one
    zone: str | None = None  # of times without one; None: the tenant's
    dry_run: bool = False


class _DryRun(Exception):
    """Everything was tried; nothing is kept."""


async def bring_in(runtime: Runtime, wanted: Wanted, console: Console) -> int:
    """Take every entry; how many could not be. Raises SettingsError where there is nothing to read, Unreachable."""
    tenant_id = wanted.tenant_id or await _first(runtime)
    async with runtime.connection() as conn:
        zone = wanted.zone or await store.zone_of(conn, tenant_id=tenant_id)
        policy = await policies.named(conn, tenant_id=tenant_id, name=wanted.policy) if wanted.policy else None
    if wanted.policy and policy is None:
        raise SettingsError(f"there is no reminder policy named {wanted.policy}")
    policy_id = policy.id if policy else None
    entries = list(_read(await _content(runtime, wanted.place), wanted.place, zone, runtime.settings.phone_region))
    outcomes: Counter[str] = Counter()
    wrong: list[Wrong] = []
    for entry in track(entries, "importing", console=console, transient=True):
        result = entry if isinstance(entry, Wrong) else await _take(runtime, wanted, entry, tenant_id, policy_id)
        if isinstance(result, Wrong):
            wrong.append(result)
        else:
            outcomes[result] += 1
    for each in wrong[:SHOWN]:
        console.print(f"not taken: {each.where}: {each.reason}", markup=False, highlight=False)
    said = ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items())) or "nothing"
    kept = "nothing is kept (dry run): " if wanted.dry_run else ""
    console.print(f"{kept}{said}, {len(wrong)} not taken", markup=False, highlight=False)
    return len(wrong)


async def _take(runtime: Runtime, wanted: Wanted, told: Told, tenant_id: UUID, policy_id: UUID | None) -> str | Wrong:
    outcome: str = ""
    try:
        with suppress(_DryRun):
            async with runtime.begin() as conn:
                outcome = await take(
                    conn, told, source=wanted.source, tenant_id=tenant_id, policy_id=policy_id, now=runtime.clock()
                )
                _keep(wanted)
    except Rejected as error:
        return Wrong(told.external_id, str(error))
    return outcome


def _keep(wanted: Wanted) -> None:
    """Raises what rolls the transaction back, if nothing is to be kept."""
    if wanted.dry_run:
        raise _DryRun


async def _first(runtime: Runtime) -> UUID:
    async with runtime.connection() as conn:
        tenant = await first_tenant(conn)
    if tenant is None:
        raise SettingsError("there is no tenant yet; `concierge seed` makes one")
    return tenant.id


async def _content(runtime: Runtime, place: str) -> bytes:
    if not place.startswith(("http://", "https://", "webcal://")):
        try:
            return await asyncio.to_thread(Path(place).read_bytes)
        except OSError as error:
            raise SettingsError(f"{place} cannot be read: {error.strerror}") from None
    return await runtime.read_from(place.replace("webcal://", "https://", 1), limit=LARGEST)


def _read(content: bytes, place: str, zone: str, region: str | None) -> Iterator[Told | Wrong]:
    """By what it holds, not by its name."""
    head = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"BEGIN:VCALENDAR"):
        return from_calendar(content, zone, region=region)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{place} is not in UTF-8") from None
    return from_json(text, zone) if head[:1] in (b"[", b"{") else from_csv(text, zone)
