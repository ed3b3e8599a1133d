"""The offline model: it reads English requests and their times by a grammar of its own, and asks when unsure.

A message is cut into `clauses`; in each, `spans` finds where it speaks of time, using the rules of `dates`, `weekdays`,
`clocks`, `dayparts`, `offsets` and `periods`, which make the `parts` that `resolving` joins into one time (`when`).
`requests` says whether the clause asks for something, `titles` what it asks for, `reading` puts it together.
`drafts` fills in a plain text. No network, no learning, no state; well under a millisecond for a typical message.

Wall times are naive, on the contact's clock. Offsets of hours and shorter run on the UTC time line.
"""

from concierge.llm.local.answering import LocalModel
from concierge.llm.local.supporting import supports

__all__ = ["LocalModel", "supports"]
