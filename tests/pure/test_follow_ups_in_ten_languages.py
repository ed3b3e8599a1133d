"""What is said about follow-ups stands whole in every language: each phrase, each blank, each rhythm."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec

from concierge.followups.acting.model import Open
from concierge.followups.recurring.describing import described
from concierge.followups.recurring.rules import checked
from concierge.followups.scheduling import Due, Unclear
from concierge.followups.texts.phrases import phrases
from concierge.followups.texts.wording import listed, noted, over, promised, put_off
from concierge.languages.speaking import LANGUAGES
from tests.each import each
from tests.makers import wall

AT = datetime(2027, 3, 12, 8, 0, tzinfo=UTC)
DUE = Due(at=AT, wall=wall("2027-03-12T09:00"), zone="Europe/Berlin", grain="minute")
FIRST = wall("2027-03-08T09:00")  # a Monday
OF_ITSELF = {"language"}  # each says its own name, and English the one it was asked for
RIGHT_TO_LEFT = "ar"


def blanks(text: str) -> list[str]:
    return sorted(re.findall(r"{(\w*)}", text))


def sayings(language: str) -> dict[str, str]:
    """Every phrase by its name, questions too."""
    said = msgspec.to_builtins(phrases(language))
    rhythm, questions = said.pop("rhythm"), said.pop("questions")
    assert set(questions) == set(get_args(Unclear.__annotations__["reason"]))
    assert rhythm["places"].keys() == phrases("en").rhythm.places.keys()
    return said | {f"questions.{name}": text for name, text in questions.items()}


@each("language", LANGUAGES)
def test_every_phrase_has_the_blanks_it_has_in_english(language: str) -> None:
    english, said = sayings("en"), sayings(language)
    assert said.keys() == english.keys()
    for name in english.keys() - OF_ITSELF:
        assert blanks(said[name]) == blanks(english[name]), name
        assert said[name].strip() == said[name] != "", name


@each("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_phrase_was_left_in_english(language: str) -> None:
    english, said = sayings("en"), sayings(language)
    plain = {name for name, text in english.items() if re.search("[a-z]", re.sub(r"{\w*}", "", text))}
    assert [name for name in plain if said[name] == english[name]] == []


def test_right_to_left_begins_on_the_right() -> None:
    """A line takes its direction from its first letter: ours come before a title, which may be in any script."""
    for name, text in sayings(RIGHT_TO_LEFT).items():
        ours = re.sub(r"{(promised|question|example|often|when)}", "ع", text)
        for line in re.sub(r"{\w*}", "A", ours).splitlines():
            first = next(char for char in line if char.isalpha())
            assert name == "line" or "\u0600" <= first <= "\u06ff", name


@each(
    ("language", "said"),
    [
        ("en", "Got it. I'll remind you on Friday 12 March 2027 at 09:00 (Europe/Berlin): X"),
        ("de", "Gut. Ich erinnere Sie am Freitag, 12. März 2027 um 09:00 Uhr (Ortszeit Berlin, UTC+1): X"),
        ("es-MX", "De acuerdo. Se lo recordaré el viernes, 12 de marzo de 2027, 09:00 (hora de Berlín, UTC+1): X"),
        ("fr", "C’est noté. Je vous le rappellerai le vendredi 12 mars 2027 à 09:00 (heure : Berlin, UTC+1) : X"),
        ("it", "Va bene. Glielo ricorderò venerdì 12 marzo 2027 alle ore 09:00 (ora di Berlino, UTC+1): X"),
        ("nl", "Prima. Ik herinner u op vrijdag 12 maart 2027 om 09:00 (tijd in Berlijn, UTC+1): X"),
        ("pl", "Zapisane: X\nPrzypomnę: piątek, 12 marca 2027, godz. 09:00 (czas: Berlin, UTC+1)"),
        ("pt_BR", "Certo. Lembrete marcado para "
                  "sexta-feira, 12 de março de 2027, às 09:00 (horário: Berlim, UTC+1): X"),
        ("ar", "حسنًا. سأذكّرك يوم الجمعة، 12 مارس 2027 في الساعة 09:00 (توقيت برلين، UTC+1): X"),
        ("hi", "ठीक है। आपको शुक्रवार, 12 मार्च 2027 को 09:00 बजे (बर्लिन समय, UTC+1) याद दिलाया जाएगा: X"),
        ("sv", "Got it. I'll remind you on Friday 12 March 2027 at 09:00 (Europe/Berlin): X"),
    ],
)  # fmt: skip
def test_a_time_is_confirmed_in_full(language: str, said: str) -> None:
    assert noted("X", DUE, language).text == said


RULES: dict[str, dict[str, str]] = {
    "FREQ=DAILY": {
        "de": "jeden Tag", "es": "todos los días", "fr": "tous les jours", "it": "ogni giorno", "nl": "elke dag",
        "pl": "codziennie", "pt": "todos os dias", "ar": "كل يوم", "hi": "हर दिन",
    },
    "FREQ=HOURLY;INTERVAL=5": {
        "de": "alle 5 Stunden", "es": "cada 5 horas", "fr": "toutes les 5 heures", "it": "ogni 5 ore",
        "nl": "elke 5 uur", "pl": "co 5 godzin", "pt": "a cada 5 horas", "ar": "كل 5 ساعات", "hi": "हर 5 घंटे में",
    },
    "FREQ=WEEKLY;BYDAY=MO,WE": {
        "de": "jeden Montag und Mittwoch", "es": "cada lunes y miércoles", "fr": "chaque lundi et mercredi",
        "it": "ogni lunedì e mercoledì", "nl": "elke maandag en woensdag",
        "pl": "co tydzień w poniedziałek i w środę", "pt": "toda semana, na segunda-feira e na quarta-feira",
        "ar": "كل أسبوع يوم الاثنين ويوم الأربعاء", "hi": "हर सोमवार और बुधवार को",
    },
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU": {
        "de": "alle 2 Wochen am Dienstag und Sonntag", "es": "cada 2 semanas, el martes y el domingo",
        "fr": "toutes les 2 semaines, le mardi et le dimanche", "it": "ogni 2 settimane, il martedì e la domenica",
        "nl": "elke 2 weken op dinsdag en zondag", "pl": "co 2 tygodnie we wtorek i w niedzielę",
        "pt": "a cada 2 semanas, na terça-feira e no domingo", "ar": "كل أسبوعين يوم الثلاثاء ويوم الأحد",
        "hi": "हर 2 हफ़्ते में मंगलवार और रविवार को",
    },
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": {
        "de": "montags bis freitags", "es": "de lunes a viernes", "fr": "du lundi au vendredi",
        "it": "dal lunedì al venerdì", "nl": "van maandag tot en met vrijdag", "pl": "od poniedziałku do piątku",
        "pt": "de segunda a sexta-feira", "ar": "من الاثنين إلى الجمعة", "hi": "सोमवार से शुक्रवार तक",
    },
    "FREQ=MONTHLY;BYMONTHDAY=3": {
        "de": "jeden Monat am 3.", "es": "cada mes, el día 3", "fr": "tous les mois, le 3",
        "it": "ogni mese, il giorno 3", "nl": "elke maand op de 3e", "pl": "co miesiąc, 3. dnia",
        "pt": "todo mês, no dia 3", "ar": "كل شهر، في اليوم 3", "hi": "हर महीने 3 तारीख को",
    },
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,-1": {
        "de": "alle 3 Monate am 1. und letzten Tag", "es": "cada 3 meses, el día 1 y el último día",
        "fr": "tous les 3 mois, le 1er et le dernier jour", "it": "ogni 3 mesi, il giorno 1º e l’ultimo giorno",
        "nl": "elke 3 maanden op de 1e en de laatste dag", "pl": "co 3 miesiące, 1. dnia i ostatniego dnia",
        "pt": "a cada 3 meses, no dia 1º e no último dia", "ar": "كل 3 أشهر، في اليوم 1 وفي آخر يوم",
        "hi": "हर 3 महीने में 1 तारीख और आख़िरी दिन को",
    },
    "FREQ=MONTHLY;BYDAY=2SU": {
        "de": "jeden Monat am zweiten Sonntag", "es": "cada mes, el segundo domingo",
        "fr": "tous les mois, le deuxième dimanche", "it": "ogni mese, la seconda domenica",
        "nl": "elke maand op de tweede zondag", "pl": "co miesiąc, w drugą niedzielę",
        "pt": "todo mês, no segundo domingo", "ar": "كل شهر، يوم الأحد الثاني", "hi": "हर महीने दूसरे रविवार को",
    },
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1": {
        "de": "jeden Monat am letzten Werktag (Montag bis Freitag)", "es": "cada mes, el último día laborable",
        "fr": "tous les mois, le dernier jour ouvré", "it": "ogni mese, l’ultimo giorno lavorativo",
        "nl": "elke maand op de laatste werkdag", "pl": "co miesiąc, w ostatni dzień roboczy",
        "pt": "todo mês, no último dia útil", "ar": "كل شهر، يوم العمل الأخير", "hi": "हर महीने आख़िरी कामकाजी दिन को",
    },
    "FREQ=YEARLY": {
        "de": "jedes Jahr am 8. März", "es": "cada año, el 8 de marzo", "fr": "tous les ans, le 8 mars",
        "it": "ogni anno, il giorno 8 marzo", "nl": "elk jaar op 8 maart", "pl": "co rok, 8 marca",
        "pt": "todo ano, em 8 de março", "ar": "كل سنة في 8 مارس", "hi": "हर साल 8 मार्च को",
    },
    "FREQ=YEARLY;BYMONTH=4;BYDAY=1WE": {
        "de": "jedes Jahr am ersten Mittwoch im April", "es": "cada año, el primer miércoles de abril",
        "fr": "tous les ans en avril, le premier mercredi", "it": "ogni anno in aprile, il primo mercoledì",
        "nl": "elk jaar op de eerste woensdag van april", "pl": "co rok, w pierwszą środę kwietnia",
        "pt": "todo ano, na primeira quarta-feira de abril", "ar": "كل سنة، يوم الأربعاء الأول من أبريل",
        "hi": "हर साल अप्रैल में पहले बुधवार को",
    },
    "FREQ=DAILY;INTERVAL=2;UNTIL=20270630": {
        "de": "alle 2 Tage bis zum 30. Juni 2027", "es": "cada 2 días hasta el 30 de junio de 2027",
        "fr": "tous les 2 jours jusqu’au 30 juin 2027", "it": "ogni 2 giorni fino al giorno 30 giugno 2027",
        "nl": "elke 2 dagen tot en met 30 juni 2027", "pl": "co 2 dni do 30 czerwca 2027",
        "pt": "a cada 2 dias até 30 de junho de 2027", "ar": "كل يومين حتى 30 يونيو 2027",
        "hi": "30 जून 2027 तक हर 2 दिन में",
    },
    "FREQ=DAILY;COUNT=5": {
        "de": "jeden Tag, 5-mal", "es": "todos los días, 5 veces", "fr": "tous les jours, 5 fois",
        "it": "ogni giorno, 5 volte", "nl": "elke dag, 5 keer", "pl": "codziennie, 5 razy",
        "pt": "todos os dias, 5 vezes", "ar": "كل يوم، 5 مرات", "hi": "हर दिन, 5 बार",
    },
}  # fmt: skip


@each("rule", RULES)
def test_rhythms(rule: str) -> None:
    kept = checked(rule, FIRST)
    assert kept is not None
    said = {language: described(kept, FIRST, language) for language in RULES[rule]}
    assert said == RULES[rule]
    assert said.keys() | {"en"} == set(LANGUAGES)


ODD = {
    "FREQ=MONTHLY;BYDAY=1MO,-1FR": "on the first Monday and last Friday of every month",
    "FREQ=MONTHLY;BYDAY=+1MO": "on the first Monday of every month",
    "FREQ=MONTHLY;BYDAY=MO": "every Monday",
    "FREQ=MONTHLY;BYMONTHDAY=-3": "on the day 3 from the end of every month",
    "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=-1": "on the last Saturday and Sunday of every month",
    "FREQ=MONTHLY;BYMONTH=1,7;BYMONTHDAY=1,15": "every year on 1 January, 15 January, 1 July and 15 July",
    "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24": "every year on 24 December",
    "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=-1": "every year on the last day of May",
    "FREQ=YEARLY;INTERVAL=2": "every 2 years on 8 March",
    "FREQ=DAILY;COUNT=1": "every day, once",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR": "every 2 weeks on Monday, Tuesday, Wednesday, Thursday and Friday",
}


@each("rule", ODD)
def test_rarer_rhythms_are_said_as_they_are_followed(rule: str) -> None:
    kept = checked(rule, FIRST)
    assert kept is not None
    assert described(kept, FIRST, "en") == ODD[rule]
    for language in LANGUAGES:
        said = described(kept, FIRST, language)
        assert not re.search(r"[{}]|\d[A-Z]{2}|\bMO\b", said), said


@each("language", LANGUAGES)
def test_whatever_is_said_names_the_follow_up_and_its_whole_time(language: str) -> None:
    again = msgspec.structs.replace(DUE, rule="FREQ=WEEKLY;BYDAY=FR", rule_from=DUE.wall, grain="second")
    for due in (DUE, again):
        for line in (
            noted("A{x}B", due, language),
            put_off("A{x}B", due, language, snooze=True),
            put_off("A{x}B", due, language, snooze=False),
            over("A{x}B", due, language, done=True),
        ):
            assert not line.asks
            assert all(part in line.text for part in ("A{x}B", "12", "2027", "09:00")), line.text
    assert "09:00:00" in promised(again, language)
    for reason in get_args(Unclear.__annotations__["reason"]):
        when = Unclear(reason)
        for asked in (noted("A{x}B", when, language), put_off("A{x}B", when, language, snooze=True)):
            assert asked.asks
            assert "A{x}B" in asked.text
            assert asked.text.endswith(phrases(language).example)
    facts: dict[str, Any] = dict.fromkeys(Open.__struct_fields__)
    one = Open(**facts | {"title": "A{x}B", "status": "pending", "zone": "America/Mexico_City", "wall": FIRST})
    first, line = listed([one], language).text.splitlines()
    assert first == phrases(language).listed
    assert line.startswith("1. A{x}B — ")
    assert "09:00" in line
    assert over("X", None, language, done=False).text.endswith(phrases(language).last_time)


def test_the_day_of_a_change_of_clocks_has_the_distance_of_its_hour() -> None:
    summer = msgspec.structs.replace(DUE, at=AT + timedelta(days=30))
    assert "UTC+2" in promised(summer, "de")
