"""The words that remote models are asked with.

`<purpose>-<version>.md` holds the instructions: the same for everybody, so that a provider can cache them. A text that
changes becomes a new file with the next number, named by `version` of the prompt; a test holds on to the texts that are
in use. What is particular to one question is sent as one JSON document, so that no text in it can pass for an
instruction of ours.
"""

from concierge.llm.prompts.rendering import Rendered, fingerprint, render

__all__ = ["Rendered", "fingerprint", "render"]
