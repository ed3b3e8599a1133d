"""The chat on a business's own pages: sessions, messages, and a stream that misses and repeats nothing.

`opening` decides who a visitor is, `tokens` lets the widget prove it, `origins` which pages may ask. Messages go in
through `inbox.arrival` like every other; `sql/functions/number_webchat.sql` numbers both directions; `streaming` shows
them. `limits` keeps one visitor from taking what is everybody's. docs/channels/webchat.md is for who embeds it.
"""
