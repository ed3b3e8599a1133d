"""What refers to a person is exported and erased with them: derived from the schema, so that no new table is forgotten.

Fails for a new table or column? Add it to sql/functions/erase_person.sql and export_person.sql, or say below why not.
"""

import re
from pathlib import Path

import pytest

from concierge.identities import store as merging_store
from concierge.postgres.migrate import SQL
from concierge.postgres.query import Conn

REFERENCES = """
    select conrelid::regclass::text, confrelid::regclass::text from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace
"""
WORDS = """
    select c.table_name, c.column_name from information_schema.columns c
    where c.table_schema = 'public' and c.table_name = any(%s)
      and c.data_type in ('text', 'jsonb', 'bytea', 'ARRAY')
      and not exists (select from pg_constraint k join pg_attribute a
                      on a.attrelid = k.conrelid and a.attnum = any (k.conkey) and a.attname = c.column_name
                      where k.contype = 'c' and k.conrelid = c.table_name::regclass
                        and pg_get_constraintdef(k.oid) ~ '= ANY \\(ARRAY')
"""
WORDLESS = {
    "credit_entry": "amounts; append-only",
    "credit_hold": "amounts",
    "intake": "which question was asked, and how often",
    "reply": "which model and prompt answered; the words are the outbound message's",
    "webchat_event": "an order",
    "webchat_session": "how far somebody has read",
    "webhook_delivery": "goes with its event",
}
"""Tables that refer to a person and hold nothing of theirs."""
KEPT = {
    "contact_identity": {"channel", "kind"},
    "inbound_message": {"kind", "automated", "correlation_id"},
    "outbound_message": {"kind", "dedupe_key", "pricing", "correlation_id"},
    "delivery_attempt": {"error_code"},
    "media": {"kind", "mime_type", "location"},  # the file's name in the store: needed to delete it, gone with it
    "booking": {"source", "zone", "zone_rules", "correlation_id"},
    "model_call": {"provider", "model", "prompt_version", "prompt_hash", "request_id"},
    "task": {"zone", "grain", "rule", "correlation_id"},
}
"""Columns that hold no words of a person, and say what happened."""

MERGING = Path(merging_store.__file__).read_text(encoding="utf-8")


@pytest.fixture
async def personal(conn: Conn) -> set[str]:
    """Tables whose rows refer to a contact, however far."""
    references = await (await conn.execute(REFERENCES)).fetchall()
    found = {"contact"}
    while True:
        more = {table for table, to in references if to in found} - found
        if not more:
            return found
        found |= more


def source(name: str) -> str:
    return re.sub(r"--.*", "", (SQL / "functions" / f"{name}.sql").read_text())


async def test_every_table_of_a_person_is_erased(personal: set[str]) -> None:
    assert len(personal) > 15
    erased = set(re.findall(r"(?:update|delete from) (\w+)", source("erase_person")))
    assert personal - erased == set(WORDLESS)


async def test_every_word_of_a_person_is_erased(conn: Conn, personal: set[str]) -> None:
    """A table is deleted from, or each of its columns that can hold words is made empty, or listed above."""
    text = source("erase_person")
    deleted = set(re.findall(r"delete from (\w+)", text)) - {"handoff"}
    left: dict[str, set[str]] = {}
    for table, column in await (await conn.execute(WORDS, [sorted(personal - deleted - set(WORDLESS))])).fetchall():
        sets = "".join(re.findall(rf"update {table}\b.*?;", text, re.DOTALL))
        if not re.search(rf"\b{column} =", sets):
            left.setdefault(table, set()).add(column)
    assert left == KEPT


async def test_every_table_of_a_person_is_exported(personal: set[str]) -> None:
    exported = set(re.findall(r"(?:from|join) (\w+)", source("export_person")))
    internal = {"delivery_attempt", "pseudonym", "model_thread"}  # of a message; of what was asked; an id elsewhere
    assert personal - exported - internal == set(WORDLESS)


async def test_every_table_with_a_contact_is_merged(conn: Conn) -> None:
    """What belongs to one of two contacts belongs to the other when they are one person."""
    references = await (await conn.execute(REFERENCES)).fetchall()
    assert {table for table, to in references if to == "contact" and f"update {table} " not in MERGING} == set()
