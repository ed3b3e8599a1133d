"""How each model is made from the settings; a newcomer adds a function and a line."""

from collections.abc import Callable, Mapping

from concierge.llm.anthropic import AnthropicModel
from concierge.llm.local import LocalModel
from concierge.llm.model import LanguageModel
from concierge.llm.openai import ChatModel, RememberingModel, ResponsesModel
from concierge.llm.tape import Tape
from concierge.settings import Settings


def _anthropic(settings: Settings, tape: Tape | None) -> LanguageModel | None:
    if settings.anthropic_api_key is None:
        return None
    return AnthropicModel(
        settings.anthropic_api_key.reveal(),
        settings.anthropic_base_url,
        small=settings.anthropic_model_small,
        large=settings.anthropic_model_large,
        timeout=settings.model_timeout_seconds,
        tape=tape,
    )


def _openai(settings: Settings, tape: Tape | None) -> LanguageModel | None:
    if settings.openai_api_key is None:
        return None
    kind = RememberingModel if settings.openai_conversations == "on" else ResponsesModel
    return kind(
        settings.openai_api_key.reveal(),
        settings.openai_base_url,
        small=settings.openai_model_small,
        large=settings.openai_model_large,
        timeout=settings.model_timeout_seconds,
        tape=tape,
    )


def _groq(settings: Settings, tape: Tape | None) -> LanguageModel | None:
    if settings.groq_api_key is None:
        return None
    return ChatModel(
        "groq",
        settings.groq_base_url,
        settings.groq_api_key.reveal(),
        model=settings.groq_model,
        schema="strict",
        timeout=settings.model_timeout_seconds,
        tape=tape,
    )


def _compatible(settings: Settings, tape: Tape | None) -> LanguageModel | None:
    if settings.compatible_base_url is None or settings.compatible_model is None:
        return None
    return ChatModel(
        "compatible",
        settings.compatible_base_url,
        settings.compatible_api_key.reveal() if settings.compatible_api_key else None,
        model=settings.compatible_model,
        schema=settings.compatible_schema,
        timeout=settings.model_timeout_seconds,
        tape=tape,
    )


def _local(_settings: Settings, _tape: Tape | None) -> LanguageModel:
    return LocalModel()


MODELS: Mapping[str, Callable[[Settings, Tape | None], LanguageModel | None]] = {
    "anthropic": _anthropic,
    "openai": _openai,
    "groq": _groq,
    "compatible": _compatible,
    "local": _local,
}
"""Who can be asked, by name; None where settings are missing. A tape records what providers answer, or plays it."""
