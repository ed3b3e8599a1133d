"""What we say about follow-ups. The full date and its zone are always echoed, so that a misreading shows."""

from collections.abc import Sequence

from msgspec import Struct

from concierge.followups.scheduling import Due, Unclear

QUESTIONS = {
    "no_time": "When should I remind you?",
    "vague": "Which day and time would suit you?",
    "past": "That time has already passed. Which day and time did you mean?",
    "too_far": "That is very far away. Which day and time did you mean?",
}


class Said(Struct, frozen=True):
    """One thing to say back: a task and when it fires, or why we have to ask."""

    title: str
    when: Due | Unclear


def date_in_full(due: Due) -> str:
    """`Friday 27 November 2026 at 09:00 (Europe/Berlin)`."""
    wall = due.wall
    clock = f"{wall:%H:%M:%S}" if due.grain == "second" else f"{wall:%H:%M}"
    return f"{wall:%A} {wall.day} {wall:%B %Y} at {clock} ({due.zone})"


def answer(items: Sequence[Said]) -> str:
    """One message for everything a turn brought."""
    return "\n\n".join(_line(item) for item in items)


def _line(item: Said) -> str:
    match item.when:
        case Due():
            return f"Got it. I'll remind you on {date_in_full(item.when)}: {item.title}"
        case Unclear(reason):
            return f"I've noted: {item.title}\n{QUESTIONS[reason]} For example “Tuesday 3pm”."


LONGEST_TITLE = 200  # characters; whatever a model found, a reminder must fit every channel
LONGEST_DRAFT = 3_000


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def reminder(title: str, draft: str | None) -> str:
    """What is sent when a task is due."""
    if draft is None:
        return f"Reminder: {title}"
    return f"Reminder: {title}\n\nHere is a draft you can use:\n\n{draft}"
