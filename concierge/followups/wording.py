"""What we say about follow-ups. The full date and its zone are always echoed, so that a misreading shows."""

from collections.abc import Sequence

from concierge.followups.acting.model import Line, Open
from concierge.followups.recurring.rules import described
from concierge.followups.scheduling import Due, Unclear

QUESTIONS = {
    "no_time": "When should I remind you?",
    "vague": "Which day and time would suit you?",
    "past": "That time has already passed. Which day and time did you mean?",
    "too_far": "That is very far away. Which day and time did you mean?",
    "unsupported": "I'm not sure which day and time you mean. Which is it?",
    "too_often": "I can't follow that rhythm; once an hour is the most. When should it be?",
}
EXAMPLE = "For example “Tuesday 3pm”."
WHICH = "Which one do you mean?"
NOTHING = "There is nothing on your list."
LONGEST_TITLE = 200  # characters; whatever a model found, a reminder must fit every channel
LONGEST_DRAFT = 3_000


def date_in_full(due: Due) -> str:
    """`Friday 27 November 2026 at 09:00 (Europe/Berlin)`."""
    wall = due.wall
    return f"{wall:%A} {wall.day} {wall:%B %Y} at {_clock(due)} ({due.zone})"


def _clock(due: Due) -> str:
    return f"{due.wall:%H:%M:%S}" if due.grain == "second" else f"{due.wall:%H:%M}"


def promised(due: Due) -> str:
    """`I'll remind you on …`, or `every …, next on …`."""
    if due.rule is None or due.rule_from is None:
        return f"I'll remind you on {date_in_full(due)}"
    return f"I'll remind you {described(due.rule, due.rule_from)}, next on {date_in_full(due)}"


def noted(title: str, when: Due | Unclear) -> Line:
    """A new follow-up, or one whose time we had asked for."""
    if isinstance(when, Due):
        return Line(f"Got it. {promised(when)}: {title}")
    return Line(f"I've noted: {title}\n{QUESTIONS[when.reason]} {EXAMPLE}", asks=True)


def put_off(title: str, when: Due | Unclear, *, snooze: bool) -> Line:
    """A follow-up gets another time, or needs one."""
    if isinstance(when, Due):
        return Line(f"{'Snoozed' if snooze else 'Changed'}. {promised(when)}: {title}")
    if when.reason == "no_time":
        return Line(f"To when should I {'snooze' if snooze else 'move'} it: {title}? {EXAMPLE}", asks=True)
    return Line(f"{title}: {QUESTIONS[when.reason]} {EXAMPLE}", asks=True)


def listed(tasks: Sequence[Open]) -> Line:
    """What is on a person's list."""
    return Line("\n".join(["On your list:", *_numbered(tasks)]) if tasks else NOTHING)


def which(tasks: Sequence[Open]) -> Line:
    """We have to ask which of them is meant."""
    return Line("\n".join([WHICH, *_numbered(tasks)]), asks=True) if tasks else Line(NOTHING)


def _numbered(tasks: Sequence[Open]) -> list[str]:
    return [f"{n}. {each.title} — {_planned(each)}" for n, each in enumerate(tasks, 1)]


def _planned(task: Open) -> str:
    if task.wall is None or task.status == "needs_clarification":
        return "no time yet"
    if task.status == "done":
        return "reminded"
    wall = task.wall
    day = f"{wall:%A} {wall.day} {wall:%B %Y} at {wall:%H:%M} ({task.zone})"
    return f"{described(task.rule, task.rule_from)}, next on {day}" if task.rule and task.rule_from else day


def answer(lines: Sequence[Line]) -> str:
    """One message for everything a turn brought."""
    return "\n\n".join(line.text for line in lines)


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def reminder(title: str, draft: str | None) -> str:
    """What is sent when a task is due."""
    if draft is None:
        return f"Reminder: {title}"
    return f"Reminder: {title}\n\nHere is a draft you can use:\n\n{draft}"
