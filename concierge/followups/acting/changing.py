"""A change that a turn asks for, made on the follow-ups it names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from concierge.conversations.model import Turn
from concierge.followups.acting import store
from concierge.followups.acting.model import Line, Open
from concierge.followups.evidence import evidence, settled, source
from concierge.followups.recurring.model import Repeating
from concierge.followups.recurring.planning import follow
from concierge.followups.recurring.rules import checked
from concierge.followups.recurring.stopping import stop
from concierge.followups.scheduling import Due, Unclear
from concierge.followups.texts.phrases import phrases
from concierge.followups.texts.wording import LONGEST_TITLE, over, put_off, shortened, which
from concierge.llm.purposes import Change
from concierge.postgres.query import Conn


async def change(conn: Conn, turn: Turn, wanted: Change, open: Mapping[str, Open], now: datetime) -> list[Line]:
    """Make it so, as far as it still can be; what to say about it. References we did not give out mean nothing."""
    tasks = [open[ref] for ref in dict.fromkeys(wanted.refs) if ref in open]
    if not tasks:
        return [which([each for each in open.values() if each.live], turn.conversation.language)]
    return [await _change(conn, turn, wanted, task, now) for task in tasks]


async def _change(conn: Conn, turn: Turn, wanted: Change, task: Open, now: datetime) -> Line:
    match wanted.act:
        case "move" | "snooze":
            return await _put_off(conn, turn, wanted, task, now)
        case "rename":
            return await _rename(conn, turn, wanted, task)
        case "cancel":
            return await _cancel(conn, turn, task, now)
        case "complete":
            return await _complete(conn, turn, task, now)
        case "skip":
            return await _skip(conn, turn, task, now)


async def _put_off(conn: Conn, turn: Turn, wanted: Change, task: Open, now: datetime) -> Line:
    snooze, tenant_id, language = wanted.act == "snooze", turn.conversation.tenant_id, turn.conversation.language
    when = settled(wanted.when, turn, now=now, kept=task.wall)
    if isinstance(when, Unclear) or wanted.when is None:
        return put_off(task.title, when, language, snooze=snooze)
    fields: dict[str, Any] = {
        "due_at": when.at,
        "wall": when.wall,
        "zone": when.zone,
        "grain": when.grain,
        "quote": wanted.when.quote,
    }
    if task.live and not (snooze and task.reminded):
        planned = when if snooze else _with_rule(task, when)
        rule = (task.rule, task.rule_from) if snooze else (planned.rule, planned.rule_from)
        moved = await store.put_at(
            conn, task.id, tenant_id=tenant_id, snooze=snooze, **fields, rule=rule[0], rule_from=rule[1], now=now
        )
        return put_off(task.title, planned, language, snooze=snooze) if moved else _too_late(turn, task)
    message = source(turn.readable, wanted.quote, wanted.when.quote)
    await store.add_again(
        conn,
        task.id,
        tenant_id=tenant_id,
        inbound_message_id=message.id,
        **fields,
        evidence=evidence(message, wanted.quote, wanted.when.quote),
        correlation_id=message.correlation_id,
        now=now,
    )
    return put_off(task.title, when, language, snooze=snooze)


def _with_rule(task: Open, when: Due) -> Due:
    """Of one that comes again, another time of day is meant for every time; another day only for the next."""
    if when.rule is not None or task.rule is None or task.rule_from is None or task.wall is None:
        return when
    if when.wall.date() != task.wall.date():
        return msgspec.structs.replace(when, rule=task.rule, rule_from=task.rule_from)
    first = datetime.combine(task.rule_from.date(), when.wall.time())
    return msgspec.structs.replace(when, rule=checked(task.rule, first) or task.rule, rule_from=first)


async def _rename(conn: Conn, turn: Turn, wanted: Change, task: Open) -> Line:
    title, words = shortened(" ".join((wanted.title or "").split()), LONGEST_TITLE), phrases(turn.conversation.language)
    if not title:
        return Line(words.rename_to.format(title=task.title), asks=True)
    renamed = await store.rename(conn, task.id, tenant_id=turn.conversation.tenant_id, title=title)
    return Line(words.renamed.format(title=title)) if renamed else _too_late(turn, task)


async def _cancel(conn: Conn, turn: Turn, task: Open, now: datetime) -> Line:
    tenant_id, words = turn.conversation.tenant_id, phrases(turn.conversation.language)
    finished = await store.finish(conn, task.id, tenant_id=tenant_id, done=False, now=now)
    if not finished:
        await store.put_aside(conn, task.id, tenant_id=tenant_id)
    if task.rule:
        await stop(conn, task.id, tenant_id=tenant_id, by="its person", now=now)
        return Line(words.cancelled_for_good.format(title=task.title))
    return Line((words.cancelled if finished else words.gone_out).format(title=task.title))


async def _complete(conn: Conn, turn: Turn, task: Open, now: datetime) -> Line:
    tenant_id, done = turn.conversation.tenant_id, phrases(turn.conversation.language).done
    if task.rule is None:
        if not await store.finish(conn, task.id, tenant_id=tenant_id, done=True, now=now):
            await store.put_aside(conn, task.id, tenant_id=tenant_id)
        return Line(done.format(title=task.title))
    if task.reminded:  # what is done is the time they were reminded of; the next one stands
        return Line(done.format(title=task.title))
    return await _go_on(conn, turn, task, now, done=True)


async def _skip(conn: Conn, turn: Turn, task: Open, now: datetime) -> Line:
    if task.rule is None:
        return await _cancel(conn, turn, task, now)
    return await _go_on(conn, turn, task, now, done=False)


async def _go_on(conn: Conn, turn: Turn, task: Open, now: datetime, *, done: bool) -> Line:
    """This time is over before it came; the next one is planned at once."""
    tenant_id = turn.conversation.tenant_id
    if not (task.rule and task.rule_from and task.wall):
        return _too_late(turn, task)
    if not await store.finish(conn, task.id, tenant_id=tenant_id, done=done, now=now):
        return _too_late(turn, task)
    one = Repeating(
        id=task.id, tenant_id=tenant_id, zone=task.zone, wall=task.wall, rule=task.rule, rule_from=task.rule_from
    )
    return over(task.title, await follow(conn, one, now), turn.conversation.language, done=done)


def _too_late(turn: Turn, task: Open) -> Line:
    return Line(phrases(turn.conversation.language).too_late.format(title=task.title))
