"""A customer is told of their follow-ups in their own language: the contact's, else the tenant's, else English."""

from typing import Any

import pytest

from concierge.llm.purposes import Change, DraftAnswer, Drafted, FoundTask, Reading, When
from tests.agents import talk
from tests.offline import offline
from tests.world import World

STORIES: dict[str, dict[str, Any]] = {
    "de": {
        "zone": "Europe/Berlin",
        "hours": 45,  # from Wednesday noon in UTC until ten on Friday
        "note": ("Erinnern Sie mich bitte daran, Bob anzurufen", "Bob anrufen"),
        "time": "Freitag um 9:30 Uhr",
        "list": "Was steht an?",
        "later": ("um 10:45 Uhr noch einmal", "um 10:45 Uhr"),
        "yes": "ja, senden",
        "done": "schon erledigt",
        "said": [
            "Notiert: Bob anrufen\nWann soll ich Sie erinnern? Zum Beispiel „Dienstag 15 Uhr“.",
            "Gut. Ich erinnere Sie am Freitag, 5. März 2027 um 09:30 Uhr (Ortszeit Berlin, UTC+1): Bob anrufen",
            "Auf Ihrer Liste:\n1. Bob anrufen — Freitag, 5. März 2027 um 09:30 Uhr (Ortszeit Berlin, UTC+1)",
            "Erinnerung: Bob anrufen\n\nHier ist ein Entwurf, den Sie verwenden können:\n\nHallo Bob\n\n"
            "Mit „Ja“ geben Sie ihn frei. Oder schreiben Sie mir, was ich ändern soll.",
            "Hallo Bob",
            "Freigegeben: Bob anrufen\nDen Text oben können Sie so weiterleiten.",
            "Verschoben. Ich erinnere Sie am Freitag, 5. März 2027 um 10:45 Uhr (Ortszeit Berlin, UTC+1): Bob anrufen",
            "Erledigt: Bob anrufen",
        ],
    },
    "es_MX": {
        "zone": "America/Mexico_City",
        "hours": 52,
        "note": ("Recuérdeme llamar a Bob", "Llamar a Bob"),
        "time": "el viernes a las 9:30",
        "list": "¿Qué tengo pendiente?",
        "later": ("otra vez a las 10:45", "a las 10:45"),
        "yes": "sí, enviar",
        "done": "ya está hecho",
        "said": [
            "Anotado: Llamar a Bob\n¿Cuándo quiere que se lo recuerde? Por ejemplo, «martes a las 15:00».",
            "De acuerdo. Se lo recordaré el viernes, 5 de marzo de 2027, 09:30 (hora de Ciudad de México, UTC−6): "
            "Llamar a Bob",
            "En su lista:\n1. Llamar a Bob — viernes, 5 de marzo de 2027, 09:30 (hora de Ciudad de México, UTC−6)",
            "Recordatorio: Llamar a Bob\n\nAquí tiene un borrador que puede usar:\n\nHallo Bob\n\n"
            "Apruébelo con «sí» o dígame qué debo cambiar.",
            "Hallo Bob",
            "Aprobado: Llamar a Bob\nYa puede reenviar el texto de arriba.",
            "Aplazado. Se lo recordaré el viernes, 5 de marzo de 2027, 10:45 (hora de Ciudad de México, UTC−6): "
            "Llamar a Bob",
            "Hecho: Llamar a Bob",
        ],
    },
}


def script(story: dict[str, Any]) -> Any:
    """A model that reads the language."""
    note, title = story["note"]
    later, quote = story["later"]
    readings = {
        "hello": Reading([]),
        note: Reading([FoundTask(title, draft=True, when=None, answers=None, quote=note)]),
        story["time"]: Reading([FoundTask(title, True, When("2027-03-05T09:30", "minute", story["time"]), "Q1")]),
        story["list"]: Reading([], lists=True),
        story["yes"]: Reading([], drafts=[DraftAnswer("approve", ["D1"], quote=story["yes"])]),
        later: Reading([], changes=[Change("snooze", ["T1"], when=When("2027-03-05T10:45", "minute", quote))]),
        story["done"]: Reading([], changes=[Change("complete", ["T1"])]),
    }
    return lambda prompt: Drafted("Hallo Bob") if prompt.purpose == "draft" else readings[prompt.turns[-1].text]


@pytest.mark.parametrize("language", STORIES)
async def test_from_the_question_to_done(world: World, language: str) -> None:
    story = STORIES[language]
    world.model.script = script(story)
    await world.execute("update tenant set language = 'de'")
    await talk(world, "hello", channel="email")
    if language != "de":  # theirs comes before the tenant's
        known = "update contact set language = %(language)s, zone = %(zone)s"
        await world.execute(known, language=language, zone=story["zone"])
    await talk(world, story["note"][0], story["time"], story["list"], channel="email")
    await world.pass_time(hours=story["hours"])
    await talk(world, story["yes"], story["later"][0], story["done"], channel="email")
    assert world.outside.texts == story["said"]


async def test_a_language_we_do_not_speak_is_answered_in_english(world: World) -> None:
    world.model.script = script(STORIES["de"])
    await talk(world, "hello", channel="email")
    await world.execute("update contact set language = 'sv'")
    (said,) = await talk(world, STORIES["de"]["note"][0], channel="email")
    assert said == "I've noted: Bob anrufen\nWhen should I remind you? For example “Tuesday 3pm”."


async def test_without_a_model_the_answer_we_propose_is_understood(world: World) -> None:
    world.model.script = offline
    await world.execute("update tenant set language = 'es'")
    asked, noted = await talk(world, "Recuérdame llamar a Ana", "martes a las 15:00", channel="email")
    assert asked.splitlines()[1] == "¿Cuándo quiere que se lo recuerde? Por ejemplo, «martes a las 15:00»."
    assert noted == (
        "De acuerdo. Se lo recordaré el martes, 9 de marzo de 2027, 15:00 (hora de Berlín, UTC+1): Llamar a Ana"
    )
    await world.pass_time(days=6, hours=3)
    assert world.outside.texts[-1] == "Recordatorio: Llamar a Ana"
    assert await talk(world, "hecho", channel="email") == ["Hecho: Llamar a Ana"]
