"""Who does not want to be written to: words that say so, links in e-mails, reports of the vendors.

`words` knows STOP and START, `opting` suppresses an address and lifts it, `unsubscribing` signs the links in e-mails.
The outbox asks when a message is posted and again when it is about to be sent; handling asks before any skill thinks.
"""
