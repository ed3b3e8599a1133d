"""Claude: `messages` asks through Anthropic's own SDK, `errors` says what its errors mean here."""

from concierge.llm.anthropic.messages import AnthropicModel

__all__ = ["AnthropicModel"]
