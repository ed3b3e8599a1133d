"""Both file stores do the same: a folder, and a bucket at moto's S3."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from concierge.files.bucket import Bucket
from concierge.files.folder import Folder
from concierge.files.model import Files
from concierge.secret import Secret
from tests.simulators.ses import Ses

NAME = "concierge-media"
KEYS = {"access_key": Secret("testing"), "secret": Secret("testing"), "region": "eu-west-1"}
BIG = os.urandom(200_000)


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """moto's server; every AWS service is behind its address."""
    with Ses() as server:
        server.bucket(NAME).close()
        yield server.url


@pytest.fixture(params=["folder", "bucket"])
async def files(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Files]:
    made: Files = (
        Folder(tmp_path / "deep" / "down")
        if request.param == "folder"
        else Bucket(NAME, endpoint_url=request.getfixturevalue("aws"), **KEYS)
    )
    yield made
    await made.close()


async def read(files: Files, location: str) -> bytes:
    return b"".join([chunk async for chunk in await files.open(location)])


async def test_what_is_put_is_read(files: Files) -> None:
    await files.put("t/ab/one", BIG)
    await files.put("t/ab/empty", b"")
    assert await read(files, "t/ab/one") == BIG
    assert await read(files, "t/ab/empty") == b""


async def test_the_last_one_counts(files: Files) -> None:
    await files.put("t/ab/one", BIG)
    await files.put("t/ab/one", b"short")
    assert await read(files, "t/ab/one") == b"short"


async def test_what_is_deleted_is_not_there(files: Files) -> None:
    await files.put("t/ab/two", b"x")
    for _ in range(2):
        await files.delete("t/ab/two")
    with pytest.raises(FileNotFoundError):
        await files.open("t/ab/two")


async def test_what_never_was_is_not_there(files: Files) -> None:
    with pytest.raises(FileNotFoundError):
        await files.open("t/ab/never")


async def test_a_bucket_that_is_not_there(aws: str) -> None:
    bucket = Bucket("nobodys", endpoint_url=aws, **KEYS)
    with pytest.raises(OSError, match="NoSuchBucket"):
        await bucket.put("a", b"x")
    await bucket.close()


async def test_a_server_that_is_not_there() -> None:
    bucket = Bucket(NAME, endpoint_url="http://127.0.0.1:9", **KEYS)
    with pytest.raises(OSError, match="did not answer"):
        await bucket.put("a", b"x")
    await bucket.close()


async def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    await folder.put("a", b"before")

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        await folder.put("a", b"after")
    assert await read(folder, "a") == b"before"
    await folder.delete("a")
    assert [entry.name for entry in os.scandir(tmp_path)] == []
