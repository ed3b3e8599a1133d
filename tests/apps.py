"""Applications to lend: building one costs more than most tests do, and a built one serves any world after another."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from litestar import Litestar
from litestar.routes import BaseRoute

from concierge.runtime import Runtime
from concierge.web.app import build, furnish

BUILT: list[Litestar] = []
IDLE: list[Litestar] = []  # those of them that nobody has at the moment


@contextmanager
def lent(runtime: Runtime) -> Iterator[Litestar]:
    """An application over this runtime, nobody else's meanwhile."""
    app = IDLE.pop() if IDLE else _built()
    furnish(app, runtime)
    try:
        yield app
    finally:
        IDLE.append(app)


def routes() -> Sequence[BaseRoute]:
    """Every route there is."""
    if not BUILT:
        IDLE.append(_built())
    return BUILT[0].routes


def _built() -> Litestar:
    BUILT.append(build())
    return BUILT[-1]
