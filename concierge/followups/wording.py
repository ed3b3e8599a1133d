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
WHICH_DRAFT = "Which draft do you mean?"
UNDECIDED = (
    "What should I do with the draft for “{}”? Say “send it”, “no”, “shorter”, or “change it to …” with your words."
)
MOOT_DRAFT = "That draft is not waiting any more: "
NOTHING = "There is nothing on your list."
APPROVE = "Approve it with “yes”, or tell me what to change."
NO_DRAFT = "I could not write another draft. Somebody will look at it: "
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


def approved(title: str) -> Line:
    """The text has just been sent alone."""
    return Line(f"Approved: {title}\nThe text above is ready to be passed on.")


def declined(title: str) -> Line:
    """The draft is not wanted."""
    return Line(f"All right, no draft: {title}")


def changed(title: str, text: str) -> Line:
    """Their own words are the draft now."""
    return Line("\n\n".join([f"Changed. The draft for “{title}” is now:", text, APPROVE]), asks=True)


def rewriting(title: str) -> Line:
    """A model writes another one, which will be shown."""
    return Line(f"I'm writing another draft: {title}")


def undecided(title: str) -> Line:
    """We have to ask what they want of a draft."""
    return Line(UNDECIDED.format(title), asks=True)


def listed(tasks: Sequence[Open]) -> Line:
    """What is on a person's list."""
    return Line("\n".join(["On your list:", *_numbered(tasks)]) if tasks else NOTHING)


def which(tasks: Sequence[Open]) -> Line:
    """We have to ask which of them is meant."""
    return Line("\n".join([WHICH, *_numbered(tasks)]), asks=True) if tasks else Line(NOTHING)


def _numbered(tasks: Sequence[Open]) -> list[str]:
    return numbered([f"{each.title} — {_planned(each)}" for each in tasks])


def _planned(task: Open) -> str:
    if task.wall is None or task.status == "needs_clarification":
        return "no time yet"
    if task.status == "done":
        return "reminded"
    wall = task.wall
    day = f"{wall:%A} {wall.day} {wall:%B %Y} at {wall:%H:%M} ({task.zone})"
    return f"{described(task.rule, task.rule_from)}, next on {day}" if task.rule and task.rule_from else day


def numbered(titles: Sequence[str]) -> list[str]:
    """A line each, by whose number one can be meant."""
    return [f"{n}. {each}" for n, each in enumerate(titles, 1)]


def answer(lines: Sequence[Line]) -> str:
    """One message for everything a turn brought."""
    return "\n\n".join(line.text for line in lines)


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def reminder(title: str, draft: str | None, *, asks: bool = False) -> str:
    """What is sent when a task is due; `asks`: its draft waits for their word."""
    if draft is None:
        return f"Reminder: {title}"
    return "\n\n".join([f"Reminder: {title}", "Here is a draft you can use:", draft, *([APPROVE] if asks else [])])


def proposed(title: str, draft: str) -> str:
    """Another version, as they wanted it."""
    return "\n\n".join([f"Another draft for: {title}", draft, APPROVE])
