"""The operators' endpoints below `/v1`."""

from concierge.admin import again, budgets, machine, notifications, own, queues, ticks
from concierge.admin.bulk import api as bulk

HANDLERS = (
    *again.HANDLERS,
    *budgets.HANDLERS,
    *queues.HANDLERS,
    *machine.HANDLERS,
    *ticks.HANDLERS,
    *bulk.HANDLERS,
    *own.HANDLERS,
    *notifications.HANDLERS,
)
