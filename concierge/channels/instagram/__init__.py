"""Instagram messaging through Meta's webhooks and the Graph API.

`envelope` opens a batch, `reading` goes through it, `telling` finds who turns an item into events: `saying`, `acting`,
`receipts`; `messages` has the shapes. `sending` posts a message, `outcomes` says what Meta's error codes mean for us.
"""
