"""What we say about follow-ups. The full date and its zone are always echoed, so that a misreading shows.

Each takes the language it is said in: the person's, else the tenant's; English for one we do not speak.
"""

from collections.abc import Sequence
from datetime import datetime

from concierge.clock import instant_of
from concierge.followups.acting.model import Line, Open
from concierge.followups.recurring.describing import described
from concierge.followups.scheduling import Due, Unclear
from concierge.followups.texts.phrases import phrases
from concierge.languages.dates import date_of, joined, time_of, zone_of
from concierge.languages.speaking import FIRST, spoken

LONGEST_TITLE = 200  # characters; whatever a model found, a reminder must fit every channel
LONGEST_DRAFT = 3_000


def date_in_full(at: datetime, zone: str, language: str, *, seconds: bool = False) -> str:
    """`Friday 27 November 2026 at 09:00 (Europe/Berlin)`."""
    return joined(date_of(at, zone, language), time_of(at, zone, seconds=seconds), place(at, zone, language), language)


def place(at: datetime, zone: str, language: str) -> str:
    """A zone: in English as settings name it, elsewhere by its city, as `Ortszeit Berlin, UTC+1`."""
    return zone if spoken(language) == FIRST else zone_of(at, zone, language)


def promised(due: Due, language: str) -> str:
    """`I'll remind you on …`, or `every …, next on …`."""
    words, when = phrases(language), date_in_full(due.at, due.zone, language, seconds=due.grain == "second")
    if due.rule is None or due.rule_from is None:
        return words.promised.format(when=when)
    return words.promised_again.format(often=described(due.rule, due.rule_from, language), when=when)


def noted(title: str, when: Due | Unclear, language: str) -> Line:
    """A new follow-up, or one whose time we had asked for."""
    words = phrases(language)
    if isinstance(when, Due):
        return Line(words.got_it.format(promised=promised(when, language), title=title))
    question = words.questions[when.reason]
    return Line(words.noted.format(title=title, question=question, example=words.example), asks=True)


def put_off(title: str, when: Due | Unclear, language: str, *, snooze: bool) -> Line:
    """A follow-up gets another time, or needs one."""
    words = phrases(language)
    if isinstance(when, Due):
        said = words.snoozed if snooze else words.changed
        return Line(said.format(promised=promised(when, language), title=title))
    asked = words.which_time
    if when.reason == "no_time":
        asked = words.snooze_to if snooze else words.move_to
    question = words.questions[when.reason]
    return Line(asked.format(title=title, question=question, example=words.example), asks=True)


def over(title: str, due: Due | None, language: str, *, done: bool) -> Line:
    """One time of what comes again is over before it came; `due` is the next."""
    words = phrases(language)
    first = (words.done if done else words.skipped).format(title=title)
    then = words.again.format(promised=promised(due, language)) if due else words.last_time
    return Line(f"{first}\n{then}")


def listed(tasks: Sequence[Open], language: str) -> Line:
    """What is on a person's list."""
    words = phrases(language)
    return Line("\n".join([words.listed, *_numbered(tasks, language)]) if tasks else words.nothing)


def which(tasks: Sequence[Open], language: str) -> Line:
    """We have to ask which of them is meant."""
    words = phrases(language)
    return Line("\n".join([words.which, *_numbered(tasks, language)]), asks=True) if tasks else Line(words.nothing)


def which_draft(titles: Sequence[str], language: str) -> Line:
    """We have to ask which draft is meant."""
    return Line("\n".join([phrases(language).which_draft, *numbered(titles)]), asks=True)


def draft_changed(title: str, text: str, language: str) -> Line:
    """Their own words are the draft now."""
    words = phrases(language)
    return Line("\n\n".join([words.draft_changed.format(title=title), text, words.approve]), asks=True)


def _numbered(tasks: Sequence[Open], language: str) -> list[str]:
    line = phrases(language).line
    return numbered([line.format(title=each.title, planned=_planned(each, language)) for each in tasks])


def _planned(task: Open, language: str) -> str:
    words = phrases(language)
    if task.wall is None or task.status == "needs_clarification":
        return words.no_time
    if task.status == "done":
        return words.reminded
    when = date_in_full(instant_of(task.wall, task.zone), task.zone, language)
    if task.rule is None or task.rule_from is None:
        return when
    return words.planned_again.format(often=described(task.rule, task.rule_from, language), when=when)


def numbered(titles: Sequence[str]) -> list[str]:
    """A line each, by whose number one can be meant."""
    return [f"{n}. {each}" for n, each in enumerate(titles, 1)]


def answer(lines: Sequence[Line]) -> str:
    """One message for everything a turn brought."""
    return "\n\n".join(line.text for line in lines)


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def reminder(title: str, draft: str | None, language: str, *, asks: bool = False) -> str:
    """What is sent when a task is due; `asks`: its draft waits for their word."""
    words = phrases(language)
    first = words.reminder.format(title=title)
    if draft is None:
        return first
    return "\n\n".join([first, words.here_is_a_draft, draft, *([words.approve] if asks else [])])


def proposed(title: str, draft: str, language: str) -> str:
    """Another version, as they wanted it."""
    words = phrases(language)
    return "\n\n".join([words.another_draft.format(title=title), draft, words.approve])
