"""The operators' endpoints below `/v1`."""

from concierge.admin import again, budgets, machine, notifications, own

HANDLERS = (*again.HANDLERS, *budgets.HANDLERS, *machine.HANDLERS, *own.HANDLERS, *notifications.HANDLERS)
