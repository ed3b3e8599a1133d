"""Lines carry a time, a level and a correlation id; they never carry a secret or a body."""

import asyncio
import io
import json
import logging
import warnings
from uuid import UUID

import pytest

from concierge import log
from concierge.secret import Secret
from concierge.settings import Settings
from tests.each import each
from tests.logs import log_plainly


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def settings(**changes: object) -> Settings:
    return Settings(database_url=Secret("postgresql://"), concierge_secret_keys=[], **changes)


@pytest.fixture(autouse=True)
def restored():
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, root.level = before
    log_plainly()


@pytest.fixture
def lines():
    """Configures JSON logging and gives a function that returns the lines so far."""
    stream = io.StringIO()
    log.configure(settings(log_level="debug"), stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_has_time_level_name_and_correlation_id(lines):
    with log.correlate("c-1"):
        log.logger("concierge.test").info("message kept", conversation=UUID(int=1))
    log.logger("concierge.test").warning("outside")
    inside, outside = lines()
    assert inside["event"] == "message kept"
    assert inside["conversation"] == str(UUID(int=1))
    assert (inside["level"], inside["logger"], inside["correlation_id"]) == ("info", "concierge.test", "c-1")
    assert inside["timestamp"].endswith("Z")
    assert outside["correlation_id"] is None


def test_the_libraries_speak_the_same_way(lines):
    with log.correlate("c-2"):
        logging.getLogger("procrastinate.worker").warning("Starting job %s", "inbox.handle[1]")
    [line] = lines()
    assert (line["event"], line["correlation_id"]) == ("Starting job inbox.handle[1]", "c-2")
    assert line["timestamp"].endswith("Z")


def test_an_error_carries_the_id_it_happened_with():
    def fail(id):
        with log.correlate("outer"), log.correlate(id):
            raise LookupError

    for id, found in (("c-3", "c-3"), (None, "outer")):
        with pytest.raises(LookupError) as raised:
            fail(id)
        assert log.correlation_of(raised.value) == found
    assert log.correlation_of(LookupError()) is None


def test_tasks_keep_their_own_correlation_id(lines):
    async def work(name: str) -> None:
        with log.correlate(name):
            await asyncio.sleep(0)
            log.logger("t").info("worked", by=name)

    async def both() -> None:
        await asyncio.gather(work("a"), work("b"))

    asyncio.run(both())
    assert {(line["by"], line["correlation_id"]) for line in lines()} == {("a", "a"), ("b", "b")}


@pytest.mark.parametrize("name", ["httpx", "httpcore", "botocore", "aiobotocore", "werkzeug"])
def test_chatty_libraries_are_quiet(lines, name: str):
    logging.getLogger(f"{name}.inner").info("chatter")
    logging.getLogger(f"{name}.inner").warning("trouble")
    assert [line["event"] for line in lines()] == ["trouble"]


@each(
    "fields",
    [
        {"token": "hunter2"},
        {"access_token": "hunter2"},
        {"client_secret": "hunter2"},
        {"Authorization": "hunter2"},
        {"smtp_password": "hunter2"},
        {"body": b"hunter2"},
        {"text": "hunter2"},
        {"api_key": "hunter2"},
        {"headers": {"x-api-key": "hunter2", "cookie": "hunter2"}},
        {"items": [{"text": "hunter2"}]},
        {"url": "https://example.com/hook?a=1&token=hunter2"},
        {"path": "/webhooks?hub.verify_token=hunter2&hub.mode=subscribe"},
        {"dsn": "postgresql://me:hunter2@localhost/x"},
        {"header": "Bearer hunter2"},
        {"detail": "DETAIL:  Key (tenant_id, value)=(1, hunter2) already exists."},
        {"detail": "DETAIL:  Failing row contains (1, two\nlines (hunter2), null).\nCONTEXT: x"},
        {"secret_key": Secret("hunter2")},
        {"key": Secret("hunter2")},
    ],
)
def test_private_values_are_hidden(lines, fields: dict):
    before = len(lines())
    log.logger("t").info("event", **fields)
    [line] = lines()[before:]
    assert "hunter2" not in json.dumps(line)
    assert line.keys() >= fields.keys()


def test_what_is_not_private_stays(lines):
    fields = {"input_tokens": 12, "url": "https://example.com/?page=2", "text": None, "bodyless": True}
    log.logger("t").info("Key (x) stays", **fields)
    [line] = lines()
    assert {name: line[name] for name in fields} == fields
    assert line["event"] == "Key (x) stays"


def test_an_exception_is_told_without_its_locals_and_secrets(lines):
    body = "hunter2"
    try:
        int(f"https://example.com/?token={body}")
    except ValueError:
        log.logger("t").exception("failed")
    [line] = lines()
    assert "Traceback" in line["exception"]
    assert "hunter2" not in json.dumps(line)


def test_odd_characters_do_not_break_a_line(lines):
    log.logger("t").info("odd \ud800 \x00 \n ✓")
    [line] = lines()
    assert line["event"] == "odd \ud800 \x00 \n ✓"


@pytest.mark.parametrize(
    ("changes", "stream", "is_json"),
    [
        ({"concierge_env": "production"}, Terminal(), True),
        ({"concierge_env": "development"}, Terminal(), False),
        ({"concierge_env": "development"}, io.StringIO(), True),
        ({"concierge_env": "production", "log_format": "console"}, io.StringIO(), False),
        ({"concierge_env": "development", "log_format": "json"}, Terminal(), True),
    ],
)
def test_a_person_at_a_terminal_reads_text(changes: dict, stream: io.StringIO, is_json: bool):
    log.configure(settings(**changes), stream)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            int("no")
        except ValueError:
            log.logger("t").exception("failed", token="hunter2")
    written = stream.getvalue()
    assert written.startswith("{") is is_json
    assert "ValueError: invalid literal" in written
    assert "hunter2" not in written


def test_the_level_is_the_settings_own():
    stream = io.StringIO()
    log.configure(settings(log_level="warning"), stream)
    log.logger("t").info("quiet")
    logging.getLogger("other").info("quiet")
    assert stream.getvalue() == ""
