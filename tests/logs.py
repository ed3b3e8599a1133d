"""How tests log where they do not look at it: to be read when one fails."""

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import TimeStamper


def log_plainly() -> None:
    """structlog's own way, but for the time, which nobody reads here, and for tracebacks, whose local variables in
    colours take it a fifth of a second each."""
    structlog.reset_defaults()
    usual = structlog.get_config()["processors"]
    renderer = ConsoleRenderer(colors=False, exception_formatter=plain_traceback)
    structlog.configure(processors=[*(each for each in usual[:-1] if not isinstance(each, TimeStamper)), renderer])
