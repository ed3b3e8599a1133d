"""What takes long to read is read beside the event loop, where heartbeats and webhooks go on."""

import threading
from datetime import datetime
from typing import Any

import pytest

from concierge.llm.local import LocalModel, foreign
from concierge.llm.purposes import ExtractPrompt, Reading, Said


def prompt(text: str) -> ExtractPrompt:
    return ExtractPrompt(
        now=datetime(2026, 11, 18, 10, 7),  # noqa: DTZ001  a wall time
        zone="UTC",
        default_draft=False,
        questions=(),
        turns=(Said("contact", text),),
        unread=1,
        subject=None,
        private=(),
    )


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("Recuérdame llamar a mamá mañana a las 17:00", "2026-11-19T17:00"),
        ("Hallo. Erinnere mich morgen um 15 Uhr daran, Ana anzurufen", "2026-11-19T15:00"),
        ("rappelle-moi d'appeler Luc demain à 9h30", "2026-11-19T09:30"),
    ],
)
async def test_dateparser_is_asked_in_another_thread(text: str, wall: str, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = list[int]()
    search = foreign._search

    def watched(*given: Any) -> Any:
        threads.append(threading.get_ident())
        return search(*given)

    monkeypatch.setattr(foreign, "_search", watched)
    (task,) = (await LocalModel().answer(prompt(text), Reading)).value.tasks
    assert task.when is not None
    assert task.when.wall == wall
    assert threads
    assert threading.get_ident() not in threads
