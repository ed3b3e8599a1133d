"""The operators' endpoints below `/v1`."""

from concierge.admin import again, machine, notifications, own

HANDLERS = (*again.HANDLERS, *machine.HANDLERS, *own.HANDLERS, *notifications.HANDLERS)
