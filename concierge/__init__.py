"""Concierge keeps every message that reaches a business and makes what follows from it happen once.

A message comes in through a *channel* (`channels/`) at the *door* (`web/`) and is kept by `inbox.arrival`
in one transaction together with the job that will handle it. A *worker* thinks about it with a language
model (`llm/`) and settles the outcome in one more transaction: a follow-up (`followups/`), a question, a
confirmation. Whatever must be said is an *outbound message* (`outbox/`), delivered once, when due.

Postgres is the only stateful part. The floors are drawn in `docs/house.md` and held by import-linter.
"""

__version__ = "0.1.0"
