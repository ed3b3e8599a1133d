"""Everything Concierge knows about Postgres: statements, the pool, the queue, migrations, an embedded server."""
