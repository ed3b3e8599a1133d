"""The times `local` reads. Every phrase was written for this file; none comes from a published corpus.

Now is Wednesday 18 November 2026, 10:07, in New York.
"""

from tests.each import each
from tests.pure.asking import one

PRECISE = [
    # from now on
    ("in 20 minutes", "2026-11-18T10:27", "minute"),
    ("in half an hour", "2026-11-18T10:37", "minute"),
    ("in an hour and a half", "2026-11-18T11:37", "minute"),
    ("in a quarter of an hour", "2026-11-18T10:22", "minute"),
    ("in 2.5 hours", "2026-11-18T12:37", "minute"),
    ("in 1h30", "2026-11-18T11:37", "minute"),
    ("in 3 seconds", "2026-11-18T10:07:03", "second"),
    ("45 mins from now", "2026-11-18T10:52", "minute"),
    ("in a couple of hours", "2026-11-18T12:07", "minute"),
    ("within two hours", "2026-11-18T12:07", "minute"),
    ("in three days", "2026-11-21T09:00", "day"),
    ("in three days at 4pm", "2026-11-21T16:00", "hour"),
    ("in 3 business days", "2026-11-23T09:00", "day"),
    ("a fortnight from now", "2026-12-02T09:00", "day"),
    ("in two weeks' time", "2026-12-02T09:00", "day"),
    ("in six months", "2027-05-18T09:00", "day"),
    ("a year from now", "2027-11-18T09:00", "day"),
    ("a week today", "2026-11-25T09:00", "day"),
    # near days
    ("tomorrow", "2026-11-19T09:00", "day"),
    ("the day after tomorrow", "2026-11-20T09:00", "day"),
    ("tomorrow at noon", "2026-11-19T12:00", "hour"),
    ("tomorrow morning", "2026-11-19T09:00", "day_part"),
    ("early tomorrow", "2026-11-19T07:00", "day_part"),
    ("first thing tomorrow", "2026-11-19T09:00", "day_part"),
    ("tomorrow around 4:15 pm", "2026-11-19T16:15", "minute"),
    ("tomorrow 9-5", "2026-11-19T09:00", "hour"),
    # weekdays
    ("on Friday", "2026-11-20T09:00", "day"),
    ("by Friday", "2026-11-20T09:00", "day"),
    ("next Friday", "2026-11-27T09:00", "day"),
    ("this Friday", "2026-11-20T09:00", "day"),
    ("on Wednesday", "2026-11-25T09:00", "day"),
    ("this Wednesday at 11:30", "2026-11-18T11:30", "minute"),
    ("this coming Monday", "2026-11-23T09:00", "day"),
    ("next Monday", "2026-11-23T09:00", "day"),
    ("on Tuesday of next week", "2026-11-24T09:00", "day"),
    ("next week on Thursday", "2026-11-26T09:00", "day"),
    ("a week from Friday", "2026-11-27T09:00", "day"),
    ("Friday week", "2026-11-27T09:00", "day"),
    ("on Monday in two weeks", "2026-11-30T09:00", "day"),
    ("two Sundays from now", "2026-11-29T09:00", "day"),
    ("on Thu at 14:30", "2026-11-19T14:30", "minute"),
    ("on Saturday evening", "2026-11-21T18:00", "day_part"),
    ("next Friday morning", "2026-11-27T09:00", "day_part"),
    ("on Monday morning at 8", "2026-11-23T08:00", "hour"),
    # dates
    ("on Jan 5", "2027-01-05T09:00", "day"),
    ("on the 5th of January", "2027-01-05T09:00", "day"),
    ("on 24 December", "2026-12-24T09:00", "day"),
    ("on March the 3rd, 2028", "2028-03-03T09:00", "day"),
    ("on 2027-01-05", "2027-01-05T09:00", "day"),
    ("on 2027-01-05T15:30", "2027-01-05T15:30", "minute"),
    ("on 1/5", "2027-01-05T09:00", "day"),
    ("on 25/12 at 8pm", "2026-12-25T20:00", "hour"),
    ("on 5.1.2027", "2027-01-05T09:00", "day"),
    ("on the 15th", "2026-12-15T09:00", "day"),
    ("on the 20th at noon", "2026-11-20T12:00", "hour"),
    ("on Monday the 30th", "2026-11-30T09:00", "day"),
    ("on Tuesday, December 1st, at 2:30pm", "2026-12-01T14:30", "minute"),
    ("on the 3rd of next month", "2026-12-03T09:00", "day"),
    ("on the first Monday of March", "2027-03-01T09:00", "day"),
    ("on the last Friday of the month", "2026-11-27T09:00", "day"),
    ("on the last day of February", "2027-02-28T09:00", "day"),
    ("on the morning of December 3rd", "2026-12-03T09:00", "day_part"),
    ("two days before Christmas", "2026-12-23T09:00", "day"),
    ("the day before Dec 1 at 5pm", "2026-11-30T17:00", "hour"),
    # times of day
    ("at 3pm", "2026-11-18T15:00", "hour"),
    ("at 9am", "2026-11-19T09:00", "hour"),
    ("at 9.45 pm", "2026-11-18T21:45", "minute"),
    ("at 15:30", "2026-11-18T15:30", "minute"),
    ("at 08:00", "2026-11-19T08:00", "minute"),
    ("at 1530", "2026-11-18T15:30", "minute"),
    ("at half past three in the afternoon", "2026-11-18T15:30", "minute"),
    ("at quarter to 9 tonight", "2026-11-18T20:45", "minute"),
    ("at ten to six this evening", "2026-11-18T17:50", "minute"),
    ("at seven thirty pm", "2026-11-18T19:30", "minute"),
    ("at noon", "2026-11-18T12:00", "hour"),
    ("at midnight", "2026-11-19T00:00", "hour"),
    ("by EOD", "2026-11-18T17:00", "hour"),
    ("by close of business on Friday", "2026-11-20T17:00", "hour"),
    ("at 9 in the morning", "2026-11-19T09:00", "hour"),
    ("tonight at 9", "2026-11-18T21:00", "hour"),
    ("at 3", "2026-11-18T15:00", "hour"),
    ("today at 5", "2026-11-18T17:00", "hour"),
    ("between 3 and 5pm", "2026-11-18T15:00", "hour"),
    ("from 9:30 to 11:00 on Thursday", "2026-11-19T09:30", "minute"),
    ("half an hour before noon", "2026-11-18T11:30", "minute"),
    ("at 5pm PST", "2026-11-18T20:00", "hour"),
    ("tomorrow at 15:00 UTC", "2026-11-19T10:00", "minute"),
    # what comes again, its first time
    ("every Monday at 9am", "2026-11-23T09:00", "hour"),
    ("daily at 8am", "2026-11-19T08:00", "hour"),
    ("on Mondays", "2026-11-23T09:00", "day"),
    # parts of the day
    ("tonight", "2026-11-18T19:00", "day_part"),
    ("this evening", "2026-11-18T18:00", "day_part"),
    ("in the morning", "2026-11-19T09:00", "day_part"),
    ("this afternoon", "2026-11-18T14:00", "day_part"),
    ("at lunchtime", "2026-11-18T12:30", "day_part"),
    ("after work on Thursday", "2026-11-19T18:00", "day_part"),
]


@each(("phrase", "wall", "grain"), PRECISE)
def test_a_precise_time(phrase: str, wall: str, grain: str) -> None:
    task = one(f"Remind me to water the plants {phrase}.")
    assert task.when is not None
    assert (task.title, task.when.wall, task.when.grain) == ("Water the plants", wall, grain)
    assert task.when.quote in phrase
    before = one(f"Please {phrase} water the plants, thanks")
    assert (before.title, before.when and before.when.wall) == ("Water the plants", wall)


ASKED = [
    ("next week", "week"),
    ("sometime next week", "week"),
    ("early next week", "week"),
    ("the week after next", "week"),
    ("in the week of March 3", "week"),
    ("by the end of the week", "week"),
    ("this weekend", "weekend"),
    ("next month", "month"),
    ("at the end of the month", "month"),
    ("in January", "month"),
    ("by mid-March", "month"),
    ("next quarter", "quarter"),
    ("next year", "year"),
    ("in 2028", "year"),
    ("later", "vague"),
    ("soon", "vague"),
    ("at some point", "vague"),
    ("in a few days", "vague"),
    ("within the next 3 weeks", "vague"),
    ("on Tuesday or Wednesday", "vague"),
    ("on Monday and Friday", "vague"),
    ("at 3 or 4pm", "vague"),
    ("on Friday, 15 December", "vague"),  # a Tuesday
    ("on February 30th", "vague"),
    ("tomorrow at 9", "hour"),
    ("at 9", "hour"),
    ("on Friday at half past 4", "minute"),
    ("tomorrow at 12", "hour"),
    ("tomorrow at midnight", "hour"),
    ("an hour before the meeting", "vague"),
]


@each(("phrase", "grain"), ASKED)
def test_a_time_to_be_asked_about(phrase: str, grain: str) -> None:
    when = one(f"Remind me to water the plants {phrase}.").when
    assert when is not None
    assert (when.wall, when.grain) == (None, grain)
