"""Operations in the background."""

from concierge.admin.bulk.model import Sweep
from concierge.admin.bulk.sweeping import give_up, sweep
from concierge.work import Work

WORK = (Work(job=Sweep, run=sweep, give_up=give_up),)
