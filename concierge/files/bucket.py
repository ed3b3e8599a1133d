"""Files in a bucket at S3, or at whatever speaks like it.

Region and endpoint come from where every AWS program takes them: AWS_REGION, AWS_ENDPOINT_URL_S3, the profile.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from concierge.aws import session
from concierge.files.model import CHUNK
from concierge.secret import Secret

CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 30.0  # seconds
ATTEMPTS = 3  # of the SDK: every call here may be repeated


class Bucket:
    """One bucket; its client opens with the first call."""

    def __init__(
        self,
        name: str,
        *,
        access_key: Secret | None = None,
        secret: Secret | None = None,
        endpoint_url: str | None = None,
        region: str | None = None,
    ) -> None:
        self.name = name
        self._options = {
            "aws_access_key_id": access_key.reveal() if access_key else None,
            "aws_secret_access_key": secret.reveal() if secret else None,
            "endpoint_url": endpoint_url,
            "region_name": region,
        }
        self._client: Any = None
        self._open = AsyncExitStack()
        self._opening = asyncio.Lock()

    async def put(self, location: str, content: bytes) -> None:
        """One PutObject: S3 shows an object when it is whole."""
        await self._call("put_object", Key=location, Body=content)

    async def open(self, location: str) -> AsyncIterator[bytes]:
        """One GetObject."""
        return _chunks((await self._call("get_object", Key=location))["Body"])

    async def delete(self, location: str) -> None:
        """One DeleteObject."""
        await self._call("delete_object", Key=location)

    async def close(self) -> None:
        """Close the client."""
        self._client = None
        await self._open.aclose()

    async def _call(self, operation: str, **arguments: Any) -> Any:
        try:
            return await getattr(await self._connected(), operation)(Bucket=self.name, **arguments)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ("NoSuchKey", "404"):
                raise FileNotFoundError(arguments["Key"]) from None
            raise OSError(f"S3 refused {operation}: {error}") from error
        except (BotoCoreError, ValueError) as error:
            raise OSError(f"S3 did not answer {operation}: {error}") from error

    async def _connected(self) -> Any:
        from aiobotocore.config import AioConfig  # noqa: PLC0415 - see concierge/aws.py

        async with self._opening:
            if self._client is None:
                config = AioConfig(
                    connect_timeout=CONNECT_TIMEOUT,
                    read_timeout=READ_TIMEOUT,
                    retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
                )
                client = session().client("s3", config=config, **self._options)
                self._client = await self._open.enter_async_context(client)
            return self._client


async def _chunks(body: Any) -> AsyncIterator[bytes]:
    async with body as stream:
        async for chunk in stream.content.iter_chunked(CHUNK):
            yield chunk
