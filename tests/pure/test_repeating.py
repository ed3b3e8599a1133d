"""Rules of what comes again: which are followed, when they come, and how they are said."""

from datetime import datetime

from concierge.followups.recurring.describing import described
from concierge.followups.recurring.rules import checked, following
from concierge.languages.speaking import LANGUAGES
from tests.each import each

FIRST = datetime(2027, 3, 8, 9)  # noqa: DTZ001 - a wall time, a Monday


@each(
    ("rule", "kept", "second", "words"),
    [
        ("FREQ=DAILY", "FREQ=DAILY", "2027-03-09", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "FREQ=DAILY;INTERVAL=3", "2027-03-11", "every 3 days"),
        ("rrule:freq=weekly;byday=mo;interval=1", "FREQ=WEEKLY;BYDAY=MO", "2027-03-15", "every Monday"),
        ("FREQ=WEEKLY", "FREQ=WEEKLY", "2027-03-15", "every Monday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", None, "2027-03-11", "every 2 weeks on Monday and Thursday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2027-03-09",
         "every weekday"),
        ("FREQ=MONTHLY", "FREQ=MONTHLY", "2027-04-08", "on the 8th of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", None, "2027-04-30", "on the last day of every month"),
        ("FREQ=MONTHLY;BYDAY=1MO", None, "2027-05-03", "on the first Monday of every month"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1", None, "2027-04-26", "on the last Monday of every month"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", None, "2027-09-01", "on the 1st of every 3 months"),
        ("FREQ=YEARLY", "FREQ=YEARLY", "2028-03-08", "every year on 8 March"),
        ("FREQ=HOURLY;INTERVAL=6", None, "2027-03-08", "every 6 hours"),
        ("FREQ=DAILY; INTERVAL=400;", "FREQ=DAILY;INTERVAL=400", "2028-04-11", "every 400 days"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", None, "2027-03-09", "every weekday"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=MO", None, "2027-03-22", "every 2 days on Monday"),
        ("FREQ=WEEKLY;BYDAY=1MO", None, "2027-03-15", "every Monday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "2027-03-28",
         "every 2 weeks on Sunday"),
        ("FREQ=MONTHLY;BYDAY=5FR", None, "2027-07-30", "on the fifth Friday of every month"),
        ("FREQ=MONTHLY;BYDAY=MO;COUNT=3", None, "2027-03-15", "every Monday, 3 times"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=7", None, "2027-04-09", "on the 7 weekday of every month"),
        ("FREQ=YEARLY;INTERVAL=9", None, "2036-03-08", "every 9 years on 8 March"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", None, "2032-02-29", "every year on 29 February"),
        ("FREQ=HOURLY;INTERVAL=6;COUNT=4001", None, "2027-03-08", "every 6 hours, 4001 times"),
        ("FREQ=DAILY;UNTIL=20270312T120000Z", "FREQ=DAILY;UNTIL=20270312T120000", "2027-03-09",
         "every day until 12 March 2027"),
        ("FREQ=DAILY;COUNT=5", "FREQ=DAILY;COUNT=5", "2027-03-09", "every day, 5 times"),
        ("FREQ=DAILY;UNTIL=20270312", "FREQ=DAILY;UNTIL=20270312T235959", "2027-03-09",
         "every day until 12 March 2027"),
    ],
)  # fmt: skip
def test_a_rule_is_kept_followed_and_said(rule: str, kept: str | None, second: str, words: str) -> None:
    found = checked(rule, FIRST)
    assert found == (kept or rule)
    first = following(found, FIRST, datetime(2027, 3, 8, 8, 59))  # noqa: DTZ001
    assert first is not None
    after = following(found, FIRST, first)
    assert after is not None
    assert after.date().isoformat() == second
    assert described(found, FIRST, "en") == words


@each(
    "rule",
    [
        "", "every monday", "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=5", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=99999999", "FREQ=DAILY;BYHOUR=9,10,11", "FREQ=HOURLY;BYDAY=MO",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=20200101", "FREQ=DAILY;UNTIL=x", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=99999999",
        "FREQ=DAILY;UNTIL=20271231;COUNT=x", "A=B=C;;", "FREQ=MONTHLY;BYMONTHDAY=99", "x" * 9_000,
        "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYDAY=MO(1)", "FREQ=MONTHLY;BYDAY=1TU,6MO",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,24", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "FREQ=DAILY;INTERVAL=401",
        "FREQ=YEARLY;BYMONTH=2,3;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYMONTH=0", "FREQ=DAILY;BYMINUTE=0,30", "FREQ=DAILY;BYSECOND=0,30",
        "FREQ=DAILY;COUNT=4001", "FREQ=WEEKLY;BYDAY=MO" + ",MO" * 61,
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_followed_is_not_kept(rule: str) -> None:
    assert checked(rule, FIRST) is None


def test_a_rule_ends() -> None:
    assert following("FREQ=DAILY;COUNT=2", FIRST, datetime(2027, 3, 9, 9)) is None  # noqa: DTZ001
    assert following("FREQ=DAILY;UNTIL=20270309T235959", FIRST, datetime(2027, 3, 9, 9)) is None  # noqa: DTZ001
    assert checked("FREQ=DAILY;COUNT=1", FIRST) == "FREQ=DAILY;COUNT=1"
    assert checked("FREQ=DAILY", datetime(9999, 12, 31)) is None  # noqa: DTZ001
    for rule in ("FREQ=YEARLY;INTERVAL=11", "FREQ=YEARLY;INTERVAL=11;COUNT=3"):
        assert following(rule, FIRST, FIRST) is None, "ten years are the end"


def test_the_ten_years_begin_when_both_have_come() -> None:
    later = datetime(2040, 1, 1, 9)  # noqa: DTZ001
    assert following("FREQ=DAILY", FIRST, later) == datetime(2040, 1, 2, 9)  # noqa: DTZ001
    assert following("FREQ=DAILY", later, FIRST) == later


@each("language", LANGUAGES)
def test_a_place_is_said_alike_however_it_is_written(language: str) -> None:
    """Of days that are feminine in some languages, too."""
    for day in ("MO", "WE", "SA", "SU"):
        ways = f"FREQ=MONTHLY;BYDAY=1{day}", f"FREQ=MONTHLY;BYDAY=+1{day}", f"FREQ=MONTHLY;BYDAY={day};BYSETPOS=1"
        assert len({described(rule, FIRST, language) for rule in ways}) == 1
