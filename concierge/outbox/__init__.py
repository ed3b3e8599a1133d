"""What must be said: posted with the state change that makes it necessary, delivered once, when due.

`posting` writes the row, `delivery` makes one provider call at a time for a conversation, `receiving` takes the
provider's reports, `reconciling` looks after outcomes that nobody knows. `docs/outbox.md` draws the states.
"""
