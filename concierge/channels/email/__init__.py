"""Email: one reader for each provider's webhook, one transport for each way out.

`generic` reads a plain JSON shape any mail relay can post; `addresses`, `automated`, `fields` and `plaintext` are what
readers need. `composing` writes the message; `ses` and `smtp` send it.
"""
