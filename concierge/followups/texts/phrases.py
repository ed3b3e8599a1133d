"""Our words about follow-ups in one language; every language has them all, with the same blanks (`{title}`)."""

from msgspec import Struct

from concierge.languages.speaking import words_of


class Rhythm(Struct, frozen=True, forbid_unknown_fields=True):
    """How a language says when something comes again. Forms are by number, patterns name their blanks."""

    hour: dict[str, str]  # "every hour", "every {n} hours"
    day: dict[str, str]
    week: dict[str, str]
    month: dict[str, str]
    year: dict[str, str]
    weekdays: str  # from Monday to Friday
    weekday: str  # one of those
    each: str  # of named days of the week, every week
    each_of: str  # every few weeks
    monthly: str
    yearly: str
    yearly_nth: str
    nth: str
    places: dict[str, list[str]]  # first, …, last: as it is, and for feminine days
    ordinal: str  # the rule for forms of `day_of_month`
    day_of_month: dict[str, str]
    last_day: str
    from_end: str
    until: str
    times: dict[str, str]
    counted: str
    on_weekdays: list[str] | None = None  # with what stands before them: "el lunes"; None: nothing does
    nth_weekdays: list[str] | None = None  # after a place; None: as they are
    feminine: list[int] = []  # days of the week, 0 is Monday


class Phrases(Struct, frozen=True, forbid_unknown_fields=True):
    """All that is said."""

    got_it: str
    noted: str
    promised: str
    promised_again: str
    snoozed: str
    changed: str
    snooze_to: str
    move_to: str
    which_time: str
    example: str
    approved: str
    declined: str
    draft_changed: str
    approve: str
    rewriting: str
    undecided: str
    moot_draft: str
    which_draft: str
    which: str
    listed: str
    nothing: str
    line: str
    planned_again: str
    no_time: str
    reminded: str
    too_late: str
    rename_to: str
    renamed: str
    cancelled: str
    cancelled_for_good: str
    gone_out: str
    done: str
    skipped: str
    again: str
    last_time: str
    reminder: str
    here_is_a_draft: str
    another_draft: str
    no_draft: str
    name: str
    zone: str
    tone: str
    language: str
    unknown_zone: str
    nameless: str
    questions: dict[str, str]  # by why one has to ask
    rhythm: Rhythm


def phrases(language: str) -> Phrases:
    """What we say in the language, in English if we do not speak it."""
    return words_of("concierge.followups.texts.languages", language, Phrases)
