"""One way to log: a line an event, with the time, the level and the correlation id, and never a body or a secret.

Our own lines and those of the libraries (uvicorn, litestar, procrastinate) leave through the same formatter: JSON in
production, readable text in a terminal. Start uvicorn with `log_config=None`, or it puts its own handlers in front.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from concierge.settings import Settings

HIDDEN = "[hidden]"

# libraries that tell of every request or job; what matters of it we say ourselves
_QUIET = (
    "aiobotocore",
    "asyncio",
    "boto3",
    "botocore",
    "httpcore",
    "httpx",
    "procrastinate",
    "uvicorn",
    "werkzeug",
)
_PRIVATE_WORDS = frozenset(
    ("authorization", "body", "cookie", "credentials", "password", "payload", "secret", "text", "token")
)
_PRIVATE_NAMES = frozenset(("api_key", "x-api-key", "apikey"))
_WORD = re.compile(r"[^a-z0-9]+")
_PRIVATE_PARTS = (
    # query parameters: ?token=…, &hub.verify_token=…
    (re.compile(r"(?i)([?&][\w.-]*(?:token|secret|password|key|signature)=)[^&\s\"']+"), rf"\1{HIDDEN}"),
    # the password in a URL: scheme://user:password@host
    (re.compile(r"(\w://[^/\s:@]*:)[^/\s@]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)(\bbearer\s+)[\w.~+/=-]+"), rf"\1{HIDDEN}"),
    # what Postgres quotes from a row when it refuses it
    (re.compile(r"(Key \([^\n]*?\)=\()[^\n]*(\) )"), rf"\1{HIDDEN}\2"),
    (re.compile(r"(Failing row contains \().*?(\)\.(?:\n|$))", re.DOTALL), rf"\1{HIDDEN}\2"),
)


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Send every logger of the process to the stream (standard output unless given); may be called again."""
    stream = stream or sys.stdout
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_last(settings, stream)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for a module: `log = logger(__name__)`, then `log.info("message kept", conversation=str(id))`."""
    bound: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return bound


@contextmanager
def correlate(correlation_id: str | None) -> Iterator[None]:
    """Put the id, if there is one, on every line logged inside, across awaits and the tasks started there.

    An error that leaves the block carries it as well (`correlation_of`), for whoever logs it further up.
    """
    with structlog.contextvars.bound_contextvars(correlation_id=correlation_id):
        try:
            yield
        except Exception as error:
            if correlation_of(error) is None:
                error.__dict__["correlation_id"] = correlation_id
            raise


def correlation_of(error: BaseException) -> str | None:
    """What an error happened with, where anybody knows."""
    found = getattr(error, "correlation_id", None)
    return found if isinstance(found, str) else None


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """A processor that hides values under private names and private parts of strings, at any depth."""
    return {name: _shown(name, value) for name, value in event.items()}


def _shown(name: str, value: Any) -> Any:
    if name.startswith("_"):  # structlog's own, such as _record
        return value
    if value is not None and (name.lower() in _PRIVATE_NAMES or _PRIVATE_WORDS & set(_WORD.split(name.lower()))):
        return HIDDEN
    if isinstance(value, str):
        for pattern, replacement in _PRIVATE_PARTS:
            value = pattern.sub(replacement, value)
        return value
    if isinstance(value, Mapping):
        return {key: _shown(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown("", inner) for inner in value]
    return value


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def _last(settings: Settings, stream: TextIO) -> list[Processor]:
    """The end of the chain: for a person at a terminal, or for a machine."""
    if settings.log_format == "console" or (
        settings.log_format == "auto" and settings.concierge_env == "development" and stream.isatty()
    ):
        # a plain traceback: the rich one shows local variables, and those hold bodies
        plain = structlog.dev.plain_traceback
        text = structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain, pad_event_to=0)
        return [structlog.processors.format_exc_info, redact, text]
    json = structlog.processors.JSONRenderer(default=str)
    return [structlog.processors.format_exc_info, _with_correlation_id, redact, json]


def _with_correlation_id(_logger: Any, _method: str, event: EventDict) -> EventDict:
    event.setdefault("correlation_id", None)
    return event
