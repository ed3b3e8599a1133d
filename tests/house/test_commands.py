"""The commands a person types say what they should, and nothing worse than a sentence when something is missing."""

import os
import signal
import tomllib
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from pkgutil import resolve_name

import pytest
from rich.console import Console

from concierge import cli, demo, log
from concierge.cli import main
from tests.apps import lent
from tests.world import SECRET_KEY

STORY = """
Wednesday 15 January 2025
message in Follow up with Dr office next Friday morning about test results.
confirmation sent I'll remind you on Friday 24 January 2025 at 09:00 (Europe/Berlin)
clarification sent Which day and time would suit you?
message in Tuesday 3pm
Tuesday 21 January 2025
follow-up due Follow up with the plumber
reminder sent Reminder: Follow up with the plumber
follow-up done Follow up with the plumber
Friday 24 January 2025
reminder sent Reminder: Follow up with Dr office about test results
follow-up done Follow up with Dr office about test results
"""


KINDS = (
    "message in",
    "confirmation sent",
    "clarification sent",
    "reminder sent",
    "follow-up due",
    "follow-up done",
)


@pytest.fixture
def environment(db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    environ = {"DATABASE_URL": db, "CONCIERGE_ENV": "development", "CONCIERGE_SECRET_KEYS": SECRET_KEY}
    monkeypatch.setattr(os, "environ", environ)
    return environ


def test_a_command_is_what_is_tested_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly all tests call `main` in their own process, where it is loaded already. Ctrl-C ends it without a word."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    run = resolve_name(project["scripts"]["concierge"])
    monkeypatch.setattr(cli, "main", lambda: 7)
    assert run() == 7
    monkeypatch.setattr(cli, "main", lambda: signal.default_int_handler(signal.SIGINT, None))
    assert run() == 130


def test_the_demo_tells_its_story(monkeypatch: pytest.MonkeyPatch) -> None:
    told = StringIO()
    monkeypatch.setattr(demo, "console", Console(file=told, highlight=False))
    monkeypatch.setattr(log, "configure", lambda _settings: None)  # would be for all tests after this one
    with ExitStack() as stack:
        monkeypatch.setattr(demo, "make_app", lambda runtime: stack.enter_context(lent(runtime)))
        assert main(["demo"]) == 0
    words = " ".join(told.getvalue().split())
    at = 0
    for line in STORY.strip().splitlines():
        what = next((each for each in KINDS if line.startswith(each)), "")
        for part in filter(None, (what, line.removeprefix(what).strip())):
            at = words.find(part, at)
            assert at >= 0, f"{part!r} is not told, or not in its turn:\n{told.getvalue()}"
    assert words.count("reminder sent") == 3
    assert "duplicate" in words


def test_the_demo_against_nothing_says_so(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    environment["PORT"] = "1"
    assert main(["demo", "--running"]) == 1
    assert capsys.readouterr().err == "concierge: nothing answers at http://127.0.0.1:1; `make run` starts it\n"


def test_the_demo_sends_no_real_mail(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    environment |= {"EMAIL_TRANSPORT": "smtp", "SMTP_URL": "smtp://localhost"}
    assert main(["demo", "--running"]) == 1
    assert "real mail" in capsys.readouterr().err


def test_the_doctor_names_what_is_missing(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "environment: development; model: local" in said
    assert "schema: up to date" in said
    assert "BAD  workers: none is registered" in said
    main(["doctor", "--worker"])
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(("BAD  worker", "ok   worker"))
