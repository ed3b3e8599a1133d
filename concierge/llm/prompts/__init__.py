"""The words that remote models are asked with.

`extract.md` and `draft.md` are the instructions: the same for everybody, so that a provider can cache them. What is
particular to one question is sent as one JSON document, so that no text in it can pass for an instruction of ours.
"""

from concierge.llm.prompts.rendering import Rendered, render

__all__ = ["Rendered", "render"]
