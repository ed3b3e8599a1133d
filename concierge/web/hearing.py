"""The answer of the application, held back until what it tells of is committed."""

from typing import Any

from litestar.types import Message, Receive

KEPT_HEADERS = ("content-type", "etag", "location")


class Heard:
    """Stands in for `send`; `messages` is what was said."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def __call__(self, message: Message) -> None:
        """Hear one message more."""
        self.messages.append(message)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        """Those that belong to the answer whenever it is given."""
        given = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in self.messages[0]["headers"])
        return {name: value for name, value in given if name in KEPT_HEADERS}

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(each.get("body", b"") for each in self.messages[1:])


def repeated(status: int, kept: dict[str, str], body: bytes) -> Heard:
    """An answer that was given before."""
    given = kept | {"idempotency-replayed": "true", "content-length": str(len(body))}
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]
    heard = Heard()
    heard.messages = [
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": body, "more_body": False},
    ]
    return heard


def again(body: bytes) -> Receive:
    """A body that was read already, for the next reader."""

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
