"""The chat on a business's own pages: sessions, messages, and a stream that misses and repeats nothing.

`opening` and `proving` decide who a visitor is, `tokens` lets the widget say so again, `cors` and `origins` which pages
may ask, `admission` who does. Messages go in through `inbox.arrival` like every other; `number_webchat.sql`
numbers both ways; `streaming` shows them, woken by `streams`. `limits` keeps one visitor from taking what is
everybody's. docs/channels/webchat.md is for who embeds it.
"""
