"""Every page of the console, by what it shows: the first page, one from the middle, each filter, one of each thing."""

from datetime import datetime
from typing import LiteralString
from uuid import UUID

from msgspec import Struct

from bench.rig import Rig
from concierge.api.paging import BEGINNING, Paging
from concierge.console import bookings, followups, inbox, machine, outbox
from concierge.postgres import ops

CHANNELS = ("email", "whatsapp")


class _Row(Struct):
    created_at: datetime
    id: UUID


def addresses(rig: Rig) -> dict[str, str]:
    """What is shown: its path below /console."""
    return {**_lists(rig), **_filtered(), **_found(), **_ones(rig), **_machine(rig)}


def _lists(rig: Rig) -> dict[str, str]:
    plain = ("beginning", "policies", "texts", "accounts", "agents", "keys", "webhooks", "operators", "retention",
             "operations")  # fmt: skip
    deep: dict[str, tuple[str, LiteralString]] = {
        "inbox": ("/inbox?", "select last_message_at, id from conversation where status <> 'closed'"),
        "contacts": ("/contacts?", "select created_at, id from contact"),
        "leads": ("/leads?", "select created_at, id from lead"),
        "summaries": ("/summaries?", "select created_at, id from summary"),
        "credits": ("/credits?", "select created_at, id from credit_entry"),
        "follow-ups": ("/follow-ups?due=all&", "select due_at, id from task where status = 'pending'"),
        "bookings": ("/bookings?", "select created_at, id from booking"),
        "outbox": ("/outbox?", "select created_at, id from outbound_message"),
        "notifications": ("/notifications?status=acknowledged&", "select created_at, id from notification"),
        "audit": ("/audit?", "select created_at, id from audit_entry"),
    }
    found = {"overview": "/"} | {name: f"/{name}" for name in (*plain, *deep)}
    for name, (path, rows) in deep.items():
        row = _Row(*rig.rows(rows + " order by 1 desc, 2 desc offset 20000 limit 1")[0])
        found[f"{name}, deep"] = f"{path}cursor={Paging(1, BEGINNING).page([row, row]).next_cursor}"
    return found


def _filtered() -> dict[str, str]:
    return (
        {f"outbox, {state}": f"/outbox?status={state}" for state in outbox.STATES}
        | {f"outbox, {channel}": f"/outbox?channel={channel}" for channel in CHANNELS}
        | {"outbox, failed by email": "/outbox?status=failed&channel=email"}
        | {f"inbox, {state}": f"/inbox?status={state}" for state in (*inbox.STATES, "parked")}
        | {f"inbox, {channel}": f"/inbox?channel={channel}" for channel in CHANNELS}
        | {f"follow-ups, {state}": f"/follow-ups?status={state}" for state in followups.STATES}
        | {f"follow-ups due: {word}": f"/follow-ups?due={word}" for word in followups.WITHIN}
        | {f"bookings, {state}": f"/bookings?status={state}" for state in bookings.STATES}
        | {f"notifications, {state}": f"/notifications?status={state}" for state in ("snoozed", "acknowledged")}
        | {"to retry all failed": "/operations/new?action=retry&status=failed"}
        | {"to cancel all queued": "/operations/new?action=cancel&status=queued"}
        | {"to retry all failed, email": "/operations/new?action=retry&status=failed&channel=email"}
    )


def _found() -> dict[str, str]:
    words = {"a name": "Anna 77", "a common beginning": "A", "nobody": "Zoltan", "an address": "4711"}
    return {f"contacts, {what}": f"/contacts?find={word.replace(' ', '+')}" for what, word in words.items()}


def _ones(rig: Rig) -> dict[str, str]:
    """One of each: of conversations and contacts, the one with the most."""
    busiest: LiteralString = "select conversation_id from inbound_message group by 1 order by count(*) desc limit 1"
    things: dict[str, tuple[str, LiteralString]] = {
        "a conversation": ("inbox", "select id from conversation order by id offset 20000 limit 1"),
        "the longest conversation": ("inbox", busiest),
        "a contact": ("contacts", "select id from contact order by id offset 20000 limit 1"),
        "the busiest contact": ("contacts", f"select contact_id from conversation where id = ({busiest})"),
        "a follow-up": ("follow-ups", "select id from task where status = 'pending' limit 1"),
        "a booking": ("bookings", "select id from booking limit 1"),
        "a message": ("outbox", "select id from outbound_message where status = 'read' limit 1"),
        "an account": ("accounts", f"select channel_account_id from conversation where id = ({busiest})"),
        "an agent": ("agents", "select id from agent limit 1"),
        "a webhook": ("webhooks", "select id from webhook_endpoint limit 1"),
    }
    found = {name: f"/{room}/{rig.one(row)}" for name, (room, row) in things.items()}
    return found | {"a webhook, failed": found["a webhook"] + "?status=failed"}


def _machine(rig: Rig) -> dict[str, str]:
    job = rig.one("select max(id) from procrastinate_jobs")
    questions = {f"sql: {each.name}": f"/sql/{each.name}" for each in ops.questions() if not each.parameters}
    return (
        {"jobs": "/jobs", "jobs, deep": f"/jobs?before={job // 2}", "a job": f"/jobs/{job}", "sql": "/sql"}
        | {f"jobs, {state}": f"/jobs?status={state}" for state in machine.STATES}
        | {"jobs of an idle queue": "/jobs?queue=summaries", "its failed jobs": "/jobs?queue=summaries&status=failed"}
        | questions
    )
