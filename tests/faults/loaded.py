"""What our processes load, for forked.py. Nothing is open here and no thread runs: all that is made after the fork."""

import gc

import croniter
import uvloop

import concierge.channels.connections
import concierge.processes
import concierge.web.serve
import concierge.worker.supervisor
import tests.faults.forked
from concierge.web import app
from tests.pure.asking import tasks

__all__ = ["concierge", "croniter", "tests", "uvloop"]

built = app.build()
app.build = lambda: built  # type: ignore[assignment,misc]  no process builds more than one
tasks("Remind me tomorrow at 9am to call the dentist")  # who reads first compiles the patterns of the language
gc.collect()
gc.freeze()  # who looks for garbage in a fork would copy every page
