"""Mail that Amazon SES put into S3, fetched with the account's own keys.

The account's settings may name `region` and `s3_endpoint_url`.
"""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from concierge.aws import session
from concierge.channels.email.aws import keys
from concierge.channels.email.fetching import MOST
from concierge.channels.model import ChannelAccount
from concierge.errors import AccountStopped, NotStored
from concierge.log import logger

CONNECT_TIMEOUT, READ_TIMEOUT = 3.0, 6.0  # seconds; SNS waits 15 for our answer

log = logger(__name__)


class Objects:
    """One client for each region, endpoint and key."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str | None, ...], Any] = {}
        self._open = AsyncExitStack()
        self._opening = asyncio.Lock()

    async def get(self, bucket: str, key: str, account: ChannelAccount) -> bytes:
        """The object's bytes. Raises NotStored where S3 does not give them."""
        try:
            client = await self._client(account)
            answer = await client.get_object(Bucket=bucket, Key=key)
            if answer["ContentLength"] > MOST:
                raise NotStored("the mail is larger than SES takes")
            content: bytes = await answer["Body"].read()
        # OSError: time-outs and lost connections
        except (ClientError, BotoCoreError, OSError, ValueError, AccountStopped) as error:
            log.warning("fetching failed", account=str(account.id), error=type(error).__name__)
            raise NotStored from None
        return content

    async def close(self) -> None:
        """Close the clients."""
        self._clients.clear()
        await self._open.aclose()

    async def _client(self, account: ChannelAccount) -> Any:
        from aiobotocore.config import AioConfig  # noqa: PLC0415 - see concierge/aws.py

        where = (account.settings.get("region"), account.settings.get("s3_endpoint_url"))
        own = keys(account)
        async with self._opening:
            if (*where, *own) not in self._clients:
                timeouts = {"connect_timeout": CONNECT_TIMEOUT, "read_timeout": READ_TIMEOUT}
                client = session().client(
                    "s3",
                    region_name=where[0],
                    endpoint_url=where[1],
                    aws_access_key_id=own[0],
                    aws_secret_access_key=own[1],
                    config=AioConfig(retries={"total_max_attempts": 2}, **timeouts),
                )
                self._clients[*where, *own] = await self._open.enter_async_context(client)
            return self._clients[*where, *own]
