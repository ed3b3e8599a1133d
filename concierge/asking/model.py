"""On whose behalf a question is asked, and what is at hand to answer it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct, field

from concierge.clock import Clock
from concierge.llm.model import LanguageModel
from concierge.postgres.pool import Pool
from concierge.settings import Settings


class Behalf(Struct, frozen=True, kw_only=True):
    """Who pays for the answer, and who is chosen to give it.

    `models` names models per purpose in order of preference, as an agent's settings do: `{"reply": ["anthropic",
    "local"]}`. A purpose that is missing is answered by the models of MODELS.
    """

    tenant_id: UUID
    conversation_id: UUID | None = None
    models: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Means(Struct, frozen=True, kw_only=True):
    """What answering needs."""

    models: Mapping[str, LanguageModel]
    chain: Sequence[str]  # who is asked where nobody was chosen
    settings: Settings
    pool: Pool
    clock: Clock


class Breaker(Struct, frozen=True):
    """A provider that gave no answer, so often in a row."""

    failures: int
    rests_till: datetime | None


class Told(Struct, frozen=True):
    """Whose operators were told of a breaker."""

    id: UUID  # of the breaker
    tenant_id: UUID | None


class Sealed(Struct, frozen=True):
    """A pseudonym as it lies in Postgres; base64."""

    kind: str
    n: int
    sealed: str


class Standing(Struct, frozen=True):
    """What holds for a question before it is asked."""

    budget: int | None  # micro-dollars a month; None: no limit
    at_limit: Literal["local", "none"] | None
    spent: int  # this month
    breakers: dict[str, Breaker]  # by provider
    pseudonyms: list[Sealed]  # of the conversation
    threads: dict[str, list[str]]  # by provider: its id of the conversation, and `known`
