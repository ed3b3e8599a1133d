"""The two ledgers side by side: what Meta's books say, and what stands in our database. Each difference in words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from bench.rig import Rig
from bench.soak.traffic import Traffic, parcel

PARCEL = re.compile(r"parcel (P\d{7})")
SHOWN = 5  # examples of one difference


def differences(rig: Rig, traffic: Traffic) -> list[str]:
    """Everything that is lost, doubled, out of order or wrong at the end; empty when all is well."""
    return [*_arrived(rig, traffic), *_handled(rig, traffic), *_said(traffic), *_recorded(rig, traffic)]


def _arrived(rig: Rig, traffic: Traffic) -> Iterator[str]:
    """Each message stored once, in the order in which its writer wrote."""
    rows = rig.rows("select provider_message_id, conversation_id::text, seq from inbound_message order by 2, 3")
    stored = Counter(id for id, _, _ in rows)
    yield from _each("never answered with 200", traffic.untaken)
    yield from _each("came in and is not stored", sorted(traffic.wrote.keys() - stored.keys()))
    yield from _each("stored, and nobody wrote it", sorted(stored.keys() - traffic.wrote.keys()))
    yield from _each("stored more than once", [id for id, count in stored.items() if count > 1])
    lines = defaultdict(list)
    for id, conversation, _ in rows:
        lines[conversation].append(traffic.wrote.get(id, ("", -1)))
    yield from _each(
        "a conversation of two people", [id for id, line in lines.items() if len({person for person, _ in line}) > 1]
    )
    yield from _each("stored out of order", [id for id, line in lines.items() if line != sorted(line)])
    people = {person for person, _ in traffic.wrote.values()}
    if len(lines) != len(people):
        yield f"{len(people)} people have {len(lines)} conversations"


def _handled(rig: Rig, traffic: Traffic) -> Iterator[str]:
    """Each message handled, and read as the one follow-up it asks for."""
    waiting = rig.rows("select id::text from conversation where handled_seq < last_seq or parked_at is not null")
    yield from _each("not handled", [id for (id,) in waiting])
    titles = rig.rows("select title from task")
    found = Counter(name for (title,) in titles for name in PARCEL.findall(title))
    wrote = {parcel(n) for _, n in traffic.wrote.values()}
    yield from _each("has no follow-up", sorted(wrote - found.keys()))
    yield from _each("has several follow-ups", [name for name, count in found.items() if count > 1])
    if len(titles) != len(wrote):
        yield f"{len(wrote)} messages have {len(titles)} follow-ups"


def _said(traffic: Traffic) -> Iterator[str]:
    """Each parcel confirmed once by what Meta took, and to each person in the order of their messages."""
    told: dict[str, list[str]] = defaultdict(list)
    for message in traffic.graph.accepted:
        told[message["to"].removeprefix("+")] += PARCEL.findall(message["text"]["body"])
    names = Counter(name for line in told.values() for name in line)
    wrote = {parcel(n): person for person, n in traffic.wrote.values()}
    yield from _each("was never answered", sorted(wrote.keys() - names.keys()))
    yield from _each("was answered more than once", [name for name, count in names.items() if count > 1])
    yield from _each("was answered out of order", [person for person, line in told.items() if line != sorted(line)])
    strange = [name for person, line in told.items() for name in line if wrote.get(name) != person]
    yield from _each("was answered to somebody else", strange)


def _recorded(rig: Rig, traffic: Traffic) -> Iterator[str]:
    """Each message that Meta took stands in our outbox once, with its id and its fate, and nothing else does."""
    rows = rig.rows("select provider_message_id, status, id::text from outbound_message")
    ours = {id: status for id, status, _ in rows}
    yield from _each("was taken by Meta and is not in the outbox", sorted(traffic.fates.keys() - ours.keys()))
    yield from _each("is in the outbox and Meta never took it", [own for id, _, own in rows if id not in traffic.fates])
    wrong = [f"{id} ({ours[id]}, not {fate})" for id, fate in traffic.fates.items() if ours.get(id, fate) != fate]
    yield from _each("ended otherwise", wrong)
    if len(rows) != len(traffic.graph.accepted):
        yield f"the outbox has {len(rows)} messages, Meta took {len(traffic.graph.accepted)}"


def _each(what: str, found: list[str]) -> Iterator[str]:
    if found:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        yield f"{len(found)} × {what}: {', '.join(map(str, found[:SHOWN]))}{more}"
