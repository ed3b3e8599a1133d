"""Agents and prompts, as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from concierge.api.values import Name, Text

Skills = Annotated[list[str], Meta(max_length=20, examples=[["followups", "replies"]])]
Settings = Annotated[dict[str, Any], Meta(description="Of each skill, by its name; and `manners`")]
Models = Annotated[dict[str, list[str]], Meta(examples=[{"reply": ["anthropic", "local"]}])]
Quiet = Annotated[float, Meta(ge=0, le=8, description="Seconds without another message before it answers; 0: at once")]
Within = Annotated[
    int, Meta(ge=60, le=31_536_000, description="Messages written longer ago (seconds) are not answered")
]
ExternalId = Annotated[str, Meta(min_length=1, max_length=100, examples=["pmpt_68a1"])]


class Agent(Struct, frozen=True, kw_only=True):
    """How a channel account behaves."""

    id: UUID
    name: str
    channel_account_id: UUID
    channel: str
    live: bool
    skills: list[str]
    settings: dict[str, Any]
    models: dict[str, list[str]]
    prompt_id: UUID | None
    quiet_seconds: float
    answer_within_seconds: int | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


class NewAgent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agent for an account. `replace`: in place of the one it has, whose conversations are archived."""

    name: Name
    channel_account_id: UUID
    skills: Skills = field(default_factory=lambda: ["replies"])
    settings: Settings = {}
    models: Models = {}
    prompt_id: UUID | None = None
    quiet_seconds: Quiet | UnsetType = UNSET  # 2 where it talks, else 0
    answer_within_seconds: Within | UnsetType | None = UNSET  # a day where it talks, else null: never too old
    replace: bool = False


class AgentChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be different. Another account is a new link: conversations are archived on both."""

    name: Name | UnsetType = UNSET
    channel_account_id: UUID | UnsetType = UNSET
    skills: Skills | UnsetType = UNSET
    settings: Settings | UnsetType = UNSET
    models: Models | UnsetType = UNSET
    prompt_id: UUID | UnsetType | None = UNSET
    quiet_seconds: Quiet | UnsetType = UNSET
    answer_within_seconds: Within | UnsetType | None = UNSET
    replace: bool = False


class Archived(Struct, frozen=True):
    """How many conversations were closed."""

    archived: int


class Prompt(Struct, frozen=True, kw_only=True):
    """Instructions by name, with the text that is used now; null where only the model's provider has one."""

    id: UUID
    name: str
    external_id: str | None
    number: int | None
    text: str | None
    created_at: datetime


class NewPrompt(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A prompt and, with `text`, its first version. `external_id`: what a model provider calls it."""

    name: Name
    text: Text | None = None
    external_id: ExternalId | None = None


class PromptChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another name; texts are never changed, a new one is a new version."""

    name: Name | UnsetType = UNSET
    external_id: ExternalId | UnsetType | None = UNSET


class Version(Struct, frozen=True, kw_only=True):
    """One text of a prompt. It never changes."""

    id: UUID
    prompt_id: UUID
    number: int
    text: str
    created_at: datetime


class NewVersion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text that is used from now on."""

    text: Text
