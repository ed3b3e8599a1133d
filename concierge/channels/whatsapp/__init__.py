"""WhatsApp through Meta's Cloud API: reading its webhooks, and sending.

`envelope` opens a batch, `reading` turns what is in it into events: `people` says who wrote, `rendering` puts every
message type into words, `enclosures` and `surroundings` add what came with it; `statuses` and `notices` read the rest.
`sending` posts what `composing` writes, `outcomes` says what Meta's error codes mean for us; `templates` and `media`
are fetched.
"""
