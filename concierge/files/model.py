"""What both places can do."""

from collections.abc import AsyncIterator
from typing import Protocol

CHUNK = 65_536  # bytes


class Files(Protocol):
    """Keeps bytes under a name. Every call raises OSError when the place does not answer; then it may be repeated."""

    async def put(self, location: str, content: bytes) -> None:
        """Keep `content`; whoever reads sees all of it or nothing. What was there before is replaced."""
        ...

    async def open(self, location: str) -> AsyncIterator[bytes]:
        """What is kept there, in chunks. Raises FileNotFoundError before the first of them."""
        ...

    async def delete(self, location: str) -> None:
        """Forget it; nothing, if it is not there."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
