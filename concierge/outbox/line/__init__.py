"""The head of a conversation's line: looked at, decided about, taken.

`deciding` says what is to become of it (pure), `taking` makes it so: sent, held, blocked, expired, said elsewhere.
"""
