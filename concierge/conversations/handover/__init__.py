"""From the bot to a human and back.

    bot → handoff_requested → human → bot        release: the bot goes on, knowing what it knew
     └────────────────────────↗  ↘ closed        the next message opens a new conversation, with the bot

`moving` makes the moves; each is guarded by the status it comes from, and an event by its trigger. While a conversation
is not the bot's, messages are kept and nothing is thought about them.
"""
