"""Appointments: kept at the wall time that was agreed, reminded of, moved and cancelled, with nothing stale said.

    booking ──plan──▸ reminder: planned → due → sending → sent
                      (skipped, failed, cancelled beside them)

`keeping` books, changes and cancels: a booking, its plan and what is still to be said about it change in one
transaction. `reminders` plans and sends, `policies` says when, `texts` says it in the customer's language, `answers`
understands what customers write back, `sources` takes bookings from files, feeds and Cal.com. `docs/bookings.md` shows
it from outside.
"""
