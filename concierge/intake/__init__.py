"""The skill `intake`: an agent that asks its way through a form, one question a turn, and hands over at its end.

    service → full name → nationality → e-mail and best time to call → a human

The form is data (`model`), what is asked next is pure (`flow`), `asking` reads answers with a model and settles them.
What was answered in passing is not asked; nothing is asked twice for one message; who does not answer gets a human, not
the same question for ever. Answers that belong to the person outlive the conversation, the hand-off does not.
"""
