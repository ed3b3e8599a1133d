"""Texts a provider has approved, for when free text is not taken: which stands for which kind of message.

`choosing` finds the one that fits and fills it, `syncing` asks the providers what became of them.
"""
