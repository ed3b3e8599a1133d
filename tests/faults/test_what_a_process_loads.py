"""Starting costs what is imported, so nobody imports what only others need."""

from tests.apps import BUILT, routes
from tests.faults.forked import known

FOREIGN = {
    "concierge.cli": {"litestar", "anthropic", "procrastinate", "concierge.wiring"},
    "concierge.postgres.ops": {"litestar", "procrastinate", "httpx", "concierge.wiring"},
    "concierge.worker.app": {"litestar", "jinja2", "anthropic", "aioboto3", "dateparser"},
    "concierge.bookings.sources.importing": {"litestar"},
    "concierge.web.app": {"anthropic", "aioboto3", "dateparser", "concierge.simulators"},
}


def test_a_process_loads_what_it_needs() -> None:
    """One process loads them in turn: each time, what was loaded until then has nothing that is foreign."""
    loaded = known()
    for process, foreign in FOREIGN.items():
        assert process in loaded[process]
        assert not foreign & loaded[process], process


def test_the_application_has_plugins_for_what_we_use() -> None:
    """Litestar's own choice loads every library that is installed and that it has a plugin for."""
    assert routes()
    loaded = {type(plugin).__module__ for plugin in BUILT[0].plugins}
    assert not {each for each in loaded if "pydantic" in each or "attrs" in each}
