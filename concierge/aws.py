"""AWS's SDK, loaded by whoever first needs it: importing it takes a second, what a session reads for a client 50 ms."""

from functools import cache
from typing import Any


@cache
def session() -> Any:
    """The process's only aioboto3.Session; its clients share the descriptions of AWS's services, not their keys."""
    import aioboto3  # noqa: PLC0415 - a second of imports that only AWS's users should wait for

    return aioboto3.Session()
