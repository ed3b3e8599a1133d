"""What a human has to know who takes over, without asking a model. Pure."""

from collections.abc import Mapping

from concierge.conversations.model import Turn

LONGEST = 2_000  # characters
LATEST = 6  # messages


def recap(turn: Turn, facts: Mapping[str, str] | None = None) -> str:
    """What is known, then what was said last."""
    known = [f"{name}: {value}" for name, value in (facts or {}).items()]
    said = [(each.who, each.text) for each in turn.history] + [("contact", each.text) for each in turn.readable]
    lines = [f"{'They' if who == 'contact' else 'We'}: {' '.join(text.split())[:300]}" for who, text in said[-LATEST:]]
    return "\n".join([*known, *lines])[:LONGEST]
