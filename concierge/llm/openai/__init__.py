"""OpenAI, and everybody who speaks one of its two formats.

`responses` asks OpenAI itself, `completions` any server with chat completions (Groq, Ollama, vLLM). Both are one POST
over `calling`; `errors` says what a failure means here.
"""

from concierge.llm.openai.completions import ChatModel
from concierge.llm.openai.remembering import RememberingModel
from concierge.llm.openai.responses import ResponsesModel

__all__ = ["ChatModel", "RememberingModel", "ResponsesModel"]
