"""Applications to lend: building one costs more than most tests do, and a built one serves any world after another."""

from collections.abc import Iterator
from contextlib import contextmanager

from litestar import Litestar

from concierge.runtime import Runtime
from concierge.web.app import build, furnish

IDLE: list[Litestar] = []


@contextmanager
def lent(runtime: Runtime) -> Iterator[Litestar]:
    """An application over this runtime, nobody else's meanwhile."""
    app = IDLE.pop() if IDLE else build()
    furnish(app, runtime)
    try:
        yield app
    finally:
        IDLE.append(app)
