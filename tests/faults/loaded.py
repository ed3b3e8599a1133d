"""What our processes load, for forked.py. No thread runs here and nothing is open: all of that is made after the fork."""

import gc

import uvloop

import concierge.processes
import concierge.web.app
import concierge.web.serve
import concierge.worker.supervisor
import tests.faults.forked
from tests.pure.asking import tasks

__all__ = ["concierge", "tests", "uvloop"]

tasks("Remind me tomorrow at 9am to call the dentist")  # its patterns are compiled by who reads first
gc.collect()
gc.freeze()  # who looks for garbage in a fork would copy every page
