"""A tenant's own systems are told what happens here, signed as Standard Webhooks has it.

Any room above says so in the transaction of what happened:

    from concierge.webhooks.announcing import announce

    await announce(conn, tenant_id, "booking.cancelled", booking.id,
                   {"id": booking.id, "contact_id": booking.contact_id, "status": "cancelled"}, now)

The event and one delivery for each endpoint that wants it commit with the change; without such an endpoint nothing is
written. `data` holds ids, states and times, and `contact_id` wherever a person is concerned, so that it is erased with
them. What people wrote or told about themselves goes into `words={"title": …}` and reaches only endpoints that include
text. Set-based statements call the same function in SQL: `announce(tenant, type, subject, data, words, now)`.

    message.received                     arrival (sql/functions/accept_inbound.sql)
    message.status, task.<status>        triggers (sql/functions/announce.sql): nobody needs to call anything
    booking.*, lead.*, handoff.*         their rooms, by announce()

`signing` makes headers, `delivering` makes the calls, `endpoints` is what tenants manage (docs/api/webhooks.md).
"""
