"""What a model says about a lead becomes fact only here. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from concierge.errors import ModelUnavailable
from concierge.followups.scheduling import Due, resolve
from concierge.leads.model import Facts
from concierge.llm.purposes import Said, Scored

LONGEST = {"name": 100, "email": 254, "company": 200, "intent": 200, "notice": 500}  # characters
SCORES = ("urgency", "budget", "fit", "engagement")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def checked(said: Scored, turns: Sequence[Said], *, zone: str, now: datetime) -> Facts:
    """The facts of a reading. Raises ModelUnavailable where the model said what cannot be: asking again may help.

    An address counts only if the person wrote it. A demo whose time is past or unclear is no demo yet.
    """
    facts: dict[str, Any] = {name: _text(name, getattr(said, name)) for name in LONGEST}
    if (email := facts["email"]) and not (_EMAIL.fullmatch(email) and _wrote(turns, email)):
        raise ModelUnavailable("the reading has an e-mail address that nobody wrote")
    facts |= {name: getattr(said, name) for name in SCORES}
    if odd := [name for name in SCORES if facts[name] not in {None, 1, 2, 3}]:
        raise ModelUnavailable(f"the reading has a score that is not 1, 2 or 3: {', '.join(odd)}")
    demo = resolve(said.demo, zone=zone, now=now)
    if isinstance(demo, Due):
        facts |= {"demo_at": demo.at, "demo_zone": demo.zone}
    return Facts(**facts)


def _text(name: str, text: str | None) -> str | None:
    """One line, or None. Raises ModelUnavailable."""
    line = " ".join((text or "").split())
    if len(line) > LONGEST[name]:
        raise ModelUnavailable(f"the reading has a {name} that is too long to be one")
    return line or None


def _wrote(turns: Sequence[Said], words: str) -> bool:
    return any(turn.who == "contact" and words.casefold() in turn.text.casefold() for turn in turns)
