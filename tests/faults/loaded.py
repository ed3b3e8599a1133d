"""What our processes load, for forked.py. Nothing is open here and no thread runs: all that is made after the fork."""

import gc
from importlib import import_module

NEEDED = (
    "croniter",
    "uvloop",
    "concierge.channels.connections",
    "concierge.processes",
    "concierge.web.serve",
    "concierge.worker.supervisor",
    "tests.faults.forked",
)

gc.disable()  # nothing that is loaded is garbage, and a fifth of the time would go into looking
for name in NEEDED:
    import_module(name)
app = import_module("concierge.web.app")
built = app.build()
app.build = lambda: built  # type: ignore[attr-defined]  no process builds more than one
import_module("concierge.llm.patterns").compile_all()  # as each worker would
gc.freeze()  # who looked for garbage in a fork would copy every page
gc.enable()
