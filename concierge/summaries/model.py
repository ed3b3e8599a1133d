"""A summary, and the job that writes it."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Meta, Struct

from concierge.llm.purposes import Said
from concierge.postgres.queue import Job

Status = Literal["waiting", "running", "success", "skipped", "failed"]


class Summarise(Job, frozen=True):
    """Write one summary."""

    kind: ClassVar[str] = "summaries.summarise"
    queue: ClassVar[str] = "readings"
    priority: ClassVar[int] = -5  # people who wait for an answer come first

    summary_id: UUID


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """How an agent keeps summaries."""

    quiet_minutes: Annotated[int, Meta(ge=0, le=60)] = 2  # after the last message


class Wanted(Struct, frozen=True, kw_only=True):
    """A summary that is to be written."""

    id: UUID
    tenant_id: UUID
    contact_id: UUID
    contact_name: str | None
    correlation_id: str | None
    models: dict[str, list[str]]  # of the agent the contact wrote to last
    conversation_id: UUID | None  # where they did
    last_hash: str | None  # what the last one that was written had read
    last_prompt: str | None  # and with which prompt


class Line(Struct, frozen=True):
    """One message that is read."""

    id: UUID
    who: Literal["contact", "concierge"]
    text: str
    at: datetime

    @property
    def said(self) -> Said:
        """As models are shown it."""
        return Said(self.who, self.text)


class Written(Struct, frozen=True, kw_only=True):
    """What a model wrote, and what it cost; nothing of it where no model was asked."""

    text: str | None = None
    model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    request_id: str | None = None
