"""A state in which something waits for a human makes a notification: derived from the schema, none is forgotten."""

from concierge.postgres.query import Conn

STATES = """
    select c.conrelid::regclass::text, s.state
    from pg_constraint c
    cross join (values ('failed'), ('blocked'), ('unknown'), ('reauth_required'), ('disabled')) s (state)
    where c.contype = 'c' and c.connamespace = 'public'::regnamespace and c.conrelid::regclass::text !~ '^procrastinate'
      and pg_get_constraintdef(c.oid) ~ ('\\(status\\)?\\s*(::text)?\\s*= ANY.*''' || s.state || '''::text')
"""
NOTICED = {
    ("channel_account", "reauth_required"),
    ("draft", "failed"),  # with its follow-up: no_draft
    ("media", "failed"),
    ("message_template", "disabled"),  # messages that need it are blocked, which is noticed
    ("operation", "failed"),
    ("outbound_message", "blocked"),
    ("outbound_message", "failed"),
    ("outbound_message", "unknown"),
    ("reminder", "failed"),
    ("summary", "failed"),
    ("task", "failed"),
    ("webhook_delivery", "failed"),  # with its endpoint: deliveries_failed
    ("webhook_endpoint", "disabled"),
}


async def test_every_such_state_is_noticed(conn: Conn) -> None:
    """A new one? Notify in the transaction that moves there, and add it above."""
    assert set(await (await conn.execute(STATES)).fetchall()) == NOTICED
