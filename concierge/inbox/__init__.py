"""A message arrives and is handled.

`arrival` keeps what a webhook brought, in one round trip for everything that came at the same moment. `handling`
lets the agent's skills think about what is new in a conversation and settles their thoughts in one transaction.
"""
