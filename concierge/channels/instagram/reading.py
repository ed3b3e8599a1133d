"""Reads Instagram webhooks: every item of a batch. Shapes: Meta, Instagram Platform, “Webhooks”."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.json import Decoder

from concierge.channels import meta
from concierge.channels.decoding import UNDECODABLE, bounded, clean, fingerprint
from concierge.channels.instagram.envelope import Change, Unopened, opened
from concierge.channels.instagram.envelope import Item as Opened
from concierge.channels.instagram.happening import NOBODY, Happening
from concierge.channels.instagram.messages import Item
from concierge.channels.instagram.moments import instant
from concierge.channels.instagram.telling import happened
from concierge.channels.model import Address, Event, Inbound, Notice
from concierge.channels.model import Raw as Request

_item = Decoder(Item)


class Instagram:
    """The reader of Instagram webhooks."""

    name = "instagram"

    def challenge(self, query: Mapping[str, str], tokens: Sequence[str]) -> str | None:
        """Answer Meta's verification request. Raises Forged."""
        return meta.challenge(query, tokens)

    def authentic(self, raw: Request, secrets: Sequence[str]) -> bool:
        """Whether the request was signed with one of these app secrets."""
        return meta.authentic(raw, secrets)

    def read(self, raw: Request) -> list[Event]:
        """Every item, in order. Raises Malformed where nothing at all can be read.

        What cannot be read beside something that can is kept as an Inbound of the kind `unreadable`.
        """
        events: list[Event] = []
        faults = []
        for part in bounded(opened(raw.body)):
            if isinstance(part, Unopened):
                faults.append(part.fault)
                events.append(_unreadable(part.account, part.raw, raw.received_at))
            elif isinstance(part, Change):
                events.append(_news(part, raw.received_at))
            else:
                events.extend(_read(part, raw.received_at))
        if faults and len(faults) == len(events):
            raise faults[0]
        return events


def _read(part: Opened, now: datetime) -> Iterator[Event]:
    raw = bytes(part.raw)
    try:
        yield from happened(_happening(part, _item.decode(part.raw), raw, now))
    except UNDECODABLE:
        yield _unreadable(part.account, raw, now)


def _happening(part: Opened, item: Item, raw: bytes, now: datetime) -> Happening:
    """Who is the business and who the person; a test of Meta's dashboard names the business in the item alone."""
    sender, recipient = (clean(str(party.id)) if party else "" for party in (item.sender, item.recipient))
    named = part.account if part.account not in {"", "0"} else ""
    ours = bool(named) and sender == named != recipient
    person = recipient if ours else sender
    return Happening(
        account=named or recipient,
        person=Address("igsid", person) if person else NOBODY,
        ours=ours,
        standby=part.standby,
        at=instant(item.timestamp, instant(part.time, now)),
        item=item,
        raw=raw,
    )


def _news(change: Change, now: datetime) -> Notice:
    kind = change.field[:64] or "unknown"
    return Notice(account=change.account, kind=kind, text=kind, raw=change.raw, at=instant(change.time, now))


def _unreadable(account: str, raw: bytes, now: datetime) -> Inbound:
    return Inbound(
        account=account,
        provider_message_id=fingerprint(raw),
        sender=NOBODY,
        kind="unreadable",
        text="[unreadable message]",
        sent_at=now,
        automated="unreadable",
        raw=raw,
    )
