"""What our processes load, for forked.py. Nothing is open here and no thread runs: all that is made after the fork."""

import gc
import sys
from importlib import import_module

NEEDED = (
    # what has least first: test_what_a_process_loads.py asks what each of them brings
    "concierge.cli",
    "concierge.postgres.ops",
    "concierge.worker.app",
    "concierge.bookings.sources.importing",
    "concierge.web.app",
    "croniter",
    "uvloop",
    "concierge.channels.connections",
    "concierge.processes",
    "concierge.web.serve",
    "concierge.worker.supervisor",
    "tests.faults.forked",
)

gc.disable()  # nothing that is loaded is garbage, and a fifth of the time would go into looking
known = dict[str, set[str]]()  # all modules there were after each of these
for name in NEEDED:
    import_module(name)
    known[name] = set(sys.modules)
app = import_module("concierge.web.app")
built = app.build()
app.build = lambda: built  # type: ignore[attr-defined]  no process builds more than one
import_module("concierge.llm.patterns").compile_all()  # as each worker would
gc.freeze()  # who looked for garbage in a fork would copy every page
gc.enable()
