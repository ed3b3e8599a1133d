"""The skill `replies`: an agent that talks, as its prompt tells it to.

`replying` asks the model for one answer to everything that is new, showing it the last ten turns, and falls back to
"Noted." when the model fails or has nothing to say. An answer quotes its message when it is unclear what it is to.
"""
