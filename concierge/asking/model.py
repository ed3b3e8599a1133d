"""On whose behalf a question is asked."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct, field


class Behalf(Struct, frozen=True, kw_only=True):
    """Who pays for the answer, and who is chosen to give it.

    `models` names models per purpose in order of preference, as an agent's settings do: `{"reply": ["anthropic",
    "local"]}`. A purpose that is missing is answered by the models of MODELS.
    """

    tenant_id: UUID
    conversation_id: UUID | None = None
    models: Mapping[str, Sequence[str]] = field(default_factory=dict)
