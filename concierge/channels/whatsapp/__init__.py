"""WhatsApp through Meta's Cloud API: reading its webhooks, and sending.

`envelope` opens a batch, `reading` turns what is in it into events, `rendering` puts every message type into words;
`sending` posts a message, `outcomes` says what Meta's error codes mean for us.
"""
