"""What Postgres knows, a module a page. Every list is bound to its tenant and bounded in its rows."""
