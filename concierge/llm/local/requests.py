"""What a clause is: a request, a statement, a question, small talk, or nothing but a time.

The head of a request ("can you please remind me to") says how sure it is: an *ask* is a task even without a time;
a *wish* or an imperative needs a time or a verb that only makes sense as a task.
"""

from typing import Literal

from msgspec import Struct

from concierge.llm.local.phrases import (
    AGREED,
    ASK,
    COMMAND,
    DUE,
    FILLER,
    FINITE,
    FOREIGN,
    IMPERATIVE,
    NEGATED,
    OFFERED,
    POLITE,
    QUESTION,
    SMALL_TALK,
    STATEMENT,
    TASK_VERB,
    WISH,
)
from concierge.llm.patterns import regex

Strength = Literal["ask", "wish", "plain"]

_HEAD = regex(rf"[\s,.:;!\"'()*-]*(?:(?P<polite>{POLITE})|(?P<ask>{ASK})|(?P<wish>{WISH}))(?![\w'])")
_LATE_ASK = regex(rf"(?:[,;.] |\b(?:then|please|could you|can you) )(?:(?:so|and|please) )*{ASK}(?![\w'])")


class Head(Struct, frozen=True):
    """How a clause without its times leads up to the thing to do, which is `rest[begin:end]`."""

    begin: int
    end: int
    strength: Strength


def head(rest: str) -> Head:
    """Where the thing to do stands, and how surely it was asked for (`if he calls, remind me to …`, `…, remind me`)."""
    late = _LATE_ASK.search(rest)
    if late:
        trails = is_filler(rest[late.end() :])
        return Head(_lead(rest).begin, late.start(), "ask") if trails else Head(late.end(), len(rest), "ask")
    foreign = FOREIGN.match(rest)
    return Head(foreign.end(), len(rest), "ask") if foreign else _lead(rest)


def _lead(rest: str) -> Head:
    at = 0
    strength: Strength = "plain"
    while match := _HEAD.match(rest, at):
        at = match.end()
        strength = "ask" if match["ask"] or strength == "ask" else "wish" if match["wish"] else strength
    return Head(at, len(rest), strength)


def is_task(rest: str, lead: Head, *, timed: bool, question: bool) -> bool:
    """Whether a clause without its times asks for something to be done; `timed`: it names a time."""
    thing, begins = rest[lead.begin : lead.end].strip(" ,.:;!\"'()-"), rest.lstrip(" ,.:;-")
    if COMMAND.match(rest) or NEGATED.match(begins):
        return False
    if lead.strength == "ask":
        return True
    offered = OFFERED.search(rest[: lead.begin]) is not None
    talk = any(pattern.match(thing) for pattern in (SMALL_TALK, NEGATED, COMMAND))
    if not thing or talk or (QUESTION.match(begins) and not offered):
        return False
    if does(thing):
        asked = lead.strength == "wish" or lead.begin == 0 or not question or offered
        return asked and (timed or TASK_VERB.match(thing) is not None)
    states = STATEMENT.match(thing) or (FINITE.search(thing) and not DUE.search(thing))
    return timed and not question and not states


def does(thing: str) -> bool:
    """Whether it begins with a verb in the imperative."""
    return IMPERATIVE.match(thing.lstrip(" ,.:;!")) is not None


def is_filler(rest: str) -> bool:
    """Whether nothing is left but courtesy, once the time is taken out (`let's say … please`)."""
    return FILLER.fullmatch(rest) is not None


def agrees(rest: str) -> bool:
    """Whether the courtesy around a time takes up somebody's proposal (`tomorrow works`)."""
    return AGREED.search(rest) is not None
