"""Files in a folder that only our own account may look into."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from concierge.files.model import CHUNK


class Folder:
    """A folder on this machine, or one that all machines share. It comes into being with the first file."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def put(self, location: str, content: bytes) -> None:
        """Written beside its place, synced, and moved there in one step."""
        await asyncio.to_thread(self._put, self.root / location, content)

    async def open(self, location: str) -> AsyncIterator[bytes]:
        """Chunk by chunk, each read in a thread."""
        return _chunks(await asyncio.to_thread((self.root / location).open, "rb"))

    async def delete(self, location: str) -> None:
        """Together with what a write that never ended left behind."""
        await asyncio.to_thread(self._delete, self.root / location)

    async def close(self) -> None:
        """Nothing is held."""

    def _put(self, path: Path, content: bytes) -> None:
        self._make_folders(path)
        beside = _beside(path)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name, too, survives a power cut
        finally:
            os.close(folder)

    def _make_folders(self, path: Path) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in reversed(path.relative_to(self.root).parents[:-1]):
            (self.root / folder).mkdir(mode=0o700, exist_ok=True)

    def _delete(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        _beside(path).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """Where the file is written; always the same, so that a write that failed is overwritten by the next."""
    return path.with_name(f".{path.name}.part")


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
