"""How a simulated vendor of models misbehaves; used up one a request."""

from msgspec import Struct, field


class Failing(Struct):
    """An HTTP error as the API words it. `code` is the vendor's own word for it."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    code: str | None = None


class Stopping(Struct):
    """HTTP 200 that stopped for another reason than being done, with as much text as there was."""

    reason: str
    text: str | None = None


class Raw(Struct):
    """HTTP 200 with a body of any kind."""

    body: bytes
    content_type: str = "application/json"


class Saying(Struct):
    """HTTP 200, well formed, with this text as the answer."""

    text: str


class Slow(Struct):
    """A good answer after a while."""

    seconds: float


class Dropping(Struct):
    """The connection is reset in place of an answer."""


class Thinking(Struct):
    """A good answer behind a thinking block."""


Outcome = Failing | Stopping | Raw | Saying | Slow | Dropping | Thinking
