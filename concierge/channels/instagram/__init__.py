"""Instagram messaging through Meta's webhooks and the Graph API.

`envelope` opens a batch, `reading` turns what is in it into events, `enclosures` and `rendering` say what a message
holds; `sending` posts a message, `outcomes` says what Meta's error codes mean for us.
"""
