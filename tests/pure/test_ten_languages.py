"""Dates, zones and spans of time are said as each of our languages says them; every language has every word."""

from datetime import UTC, date, datetime, timedelta

from concierge.bookings.texts.wording import words
from concierge.languages.dates import calendar, day_of, full, until, zone_of
from concierge.languages.speaking import LANGUAGES
from tests.each import each

AT = datetime(2027, 3, 12, 8, 0, tzinfo=UTC)


@each(
    ("language", "said"),
    [
        ("en", "Friday 12 March 2027 at 09:00 (Berlin time, UTC+1)"),
        ("de", "Freitag, 12. März 2027 um 09:00 Uhr (Ortszeit Berlin, UTC+1)"),
        ("es", "viernes, 12 de marzo de 2027, 09:00 (hora de Berlín, UTC+1)"),
        ("fr-CA", "vendredi 12 mars 2027 à 09:00 (heure : Berlin, UTC+1)"),
        ("it", "venerdì 12 marzo 2027 alle ore 09:00 (ora di Berlino, UTC+1)"),
        ("nl", "vrijdag 12 maart 2027 om 09:00 (tijd in Berlijn, UTC+1)"),
        ("pl", "piątek, 12 marca 2027, godz. 09:00 (czas: Berlin, UTC+1)"),
        ("pt_BR", "sexta-feira, 12 de março de 2027, às 09:00 (horário: Berlim, UTC+1)"),
        ("ar", "الجمعة، 12 مارس 2027 في الساعة 09:00 (توقيت برلين، UTC+1)"),
        ("hi", "शुक्रवार, 12 मार्च 2027 को 09:00 बजे (बर्लिन समय, UTC+1)"),
        ("ja", "Friday 12 March 2027 at 09:00 (Berlin time, UTC+1)"),
    ],
)
def test_the_zone_is_named_in_the_customers_language(language: str, said: str) -> None:
    assert full(AT, "Europe/Berlin", language) == said


def test_zones_and_spans() -> None:
    assert zone_of(AT, "Asia/Kolkata", "en") == "Kolkata time, UTC+5:30"
    assert zone_of(AT, "America/Argentina/Buenos_Aires", "en") == "Buenos Aires time, UTC−3"
    assert zone_of(AT, "UTC", "de") == "UTC"
    for minutes, said in ((0.2, "in 1 minute"), (89, "in 89 minutes"), (90, "in 2 hours"), (600, "in 10 hours")):
        assert until(timedelta(minutes=minutes), "en") == said
    assert until(timedelta(days=30), "en") == "in 30 days"
    assert [until(timedelta(hours=n), "pl") for n in (2, 5, 22)] == ["za 2 godziny", "za 5 godzin", "za 22 godziny"]
    assert [until(timedelta(hours=n), "ar") for n in (2, 3, 11)] == ["خلال ساعتين", "خلال 3 ساعات", "خلال 11 ساعة"]


def test_the_first_of_a_month_has_a_name_of_its_own() -> None:
    firsts = {language: day_of(date(2027, 5, 1), language) for language in ("en", "de", "fr", "it", "pt")}
    assert firsts == {
        "en": "1 May 2027",
        "de": "1. Mai 2027",
        "fr": "1er mai 2027",
        "it": "1º maggio 2027",
        "pt": "1º de maio de 2027",
    }


@each("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    names, ours = calendar(language), words(language)
    assert (len(set(names.months)), len(set(names.weekdays))) == (12, 7)
    assert ours.answers.keys() == words("en").answers.keys()
    for forms in (names.minutes, names.hours, names.days):
        assert "other" in forms
        assert all(until(timedelta(hours=n), language) for n in range(1, 200))
    for blanks in ("{{service}}", "{{when}}", "{{until}}"):
        assert any(blanks in line for line in ours.reminder)
